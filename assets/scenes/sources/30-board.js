// The board: one row for each source, by department; a row leads to the source's page.
(() => {
  "use strict";
  const onescreen = window.onescreen;
  const { h, say, set, once, rows, named, count, isUnknown, t, word, since, bar, showBar, age, duration, now, UNKNOWN } = onescreen.tools;
  const { sources } = onescreen;
  const COLUMNS = ["department", "name", "state", "age", "records", "volume", "errors", "rejected", "inside", "uptime"];
  const SPANS_S = [86400, 7 * 86400, 30 * 86400];
  const WELL = new Set(["live", "delayed"]);
  const LOW_UPTIME = 0.95;
  const MUCH_LOST = 0.01;
  const MUCH_FAILED = 0.05;
  const OUTSIDE = 0.1;

  function build(body) {
    const head = h("div", { class: "sources-row sources-head", role: "row" });
    for (const key of COLUMNS) head.append(h("div", { role: "columnheader", "data-column": key }, t(`sources.column.${key}`)));
    const list = h("div", { class: "sources-list", role: "rowgroup" });
    const without = h("div", { class: "sources-without" });
    body.append(h("div", { class: "sources-table", role: "table", "aria-label": t("panel.sources-board") }, head, list), without);
    return { list, without };
  }

  function make(row) {
    const address = `/source/${encodeURIComponent(row.id)}`;
    const line = h("div", { class: "sources-row", role: "row" });
    const cells = Object.fromEntries(COLUMNS.map((key) => [key, sources.cell(key)]));
    line.append(...Object.values(cells));
    const way = cells.name.appendChild(h("a", { href: address, "data-open": address }));
    line.addEventListener("click", (event) => event.target.closest("a") ?? way.click());
    cells.state.append(h("b"), h("span"));
    cells.age.append(h("span", { class: "sources-age" }, h("span"), h("small"), bar()));
    cells.volume.append(onescreen.tools.hourBars());
    const uptime = () => h("span", { class: "sources-uptime" }, h("span"), bar());
    cells.uptime.append(h("span", { class: "sources-uptimes" }, uptime(), uptime(), uptime()));
    line.onescreenCells = cells;
    return line;
  }

  function showState({ firstChild: label, lastChild: why }, row) {
    say(label, t(row.word));
    const said = sources.errorText(row.error);
    say(why, said);
    set(why.parentElement, { title: said || null });
  }

  function showAge(box, row) {
    const [text, promise, gauge] = box.children;
    const seconds = isUnknown(row.at) ? null : (now() - row.at) / 1000;
    if (seconds === null) {
      set(text, { "data-since": null });
      say(text, UNKNOWN);
    } else since(text, "age", row.at);
    say(promise, t("sources.of_promise", { age: age(row.promise_s) }));
    showBar(gauge, seconds === null ? 0 : seconds / row.promise_s, 0);
    set(box, { "data-bad": seconds !== null && seconds > row.promise_s, title: t(row.is_promised ? "sources.promised" : "sources.not_promised", { age: duration(row.promise_s) }) });
  }

  /** A longer span of which no more was watched than of the shorter one has nothing of its own to say. */
  function showUptime(box, row, i) {
    const [text, gauge] = box.children;
    const watched = row.watched_s[i];
    const share = i && watched <= row.watched_s[i - 1] ? null : row.uptime[i];
    say(text, sources.share(share));
    showBar(gauge, share ?? 0, 0);
    const isShort = watched < SPANS_S[i] * 0.95;
    set(box, { "data-bad": !isUnknown(share) && share < LOW_UPTIME, "data-short": isShort, "data-none": isUnknown(share), title: t("sources.uptime_title", { age: duration(watched) }) });
  }

  const kindText = ([kind, n]) => {
    const name = onescreen.text[`departments.kind.${kind}`] ?? word("kind", kind);
    return isUnknown(n) ? name : t("departments.records", { kind: name, n: count(n) });
  };

  function fill(line, row) {
    const cells = line.onescreenCells;
    say(cells.department, row.isFirst ? row.departmentName : "");
    set(cells.department, { title: row.departmentName });
    say(cells.name.firstChild, named(row.name, row.name_en));
    set(cells.name, { title: named(row.name, row.name_en) });
    showState(cells.state, row);
    showAge(cells.age.firstChild, row);
    const kinds = row.records.map(kindText).join(" · ");
    say(cells.records, kinds);
    set(cells.records, { title: kinds || null });
    onescreen.tools.showHourBars(cells.volume.firstChild, row.volume, t("sources.volume_title", { n: count(sources.total(row.volume)) }));
    sources.mark(cells.errors, sources.loss(row.errors), row.errors >= MUCH_FAILED);
    sources.mark(cells.rejected, sources.loss(row.rejected), row.rejected >= MUCH_LOST);
    sources.mark(cells.inside, sources.share(row.inside), !isUnknown(row.inside) && 1 - row.inside >= OUTSIDE);
    set(cells.inside, { title: t("sources.unplaced_title", { inside: sources.share(row.inside), unplaced: sources.loss(row.unplaced) }) });
    [...cells.uptime.firstChild.children].forEach((box, i) => showUptime(box, row, i));
    set(line, { "data-down": !WELL.has(row.state), "data-first": row.isFirst });
  }

  const exports = () =>
    ["csv", "xlsx"].map((format) => h("a", { href: `/api/v1/sources/export.${format}?lang=${onescreen.language}`, download: true }, t("sources.export", { format: format.toUpperCase() })));

  onescreen.definePanel("sources-board", (body, values, _, section) => {
    const { list, without } = once(body, build);
    const names = new Map(values.departments.map(([key, name, nameEn]) => [key, named(name, nameEn)]));
    let before = null;
    const shown = values.rows.map((row) => {
      const isFirst = row.department !== before;
      before = row.department;
      return { ...row, isFirst, departmentName: names.get(row.department) ?? (row.department || t("sources.no_department")) };
    });
    rows(list, shown, (row) => row.id, make, fill);
    const blank = values.without.map(([, name, nameEn]) => named(name, nameEn)).join("、");
    say(without, blank ? t("sources.without", { names: blank }) : "");
    set(without, { hidden: !blank });
    const note = section.querySelector(".panel-note");
    once(note, () => note.append(h("span", { class: "sources-exports" }, ...exports())) ?? {});
  });
})();
