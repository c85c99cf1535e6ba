// The board: one row for every department. Rows keep their order unless a reader sorts them; the order is in the address.
(() => {
  "use strict";
  const onescreen = window.onescreen;
  const { h, say, set, once, rows, named, count, percent, isUnknown, t, word, since, spark, showSpark, UNKNOWN } = onescreen.tools;
  const departments = (onescreen.departments = onescreen.departments ?? {});
  const SORT = "sort";
  onescreen.reserveKeys?.(SORT);

  const share = ([total, part]) => (total ? part / total : -1);
  /** What each column sorts by; the larger first. */
  const COLUMNS = [
    { key: "name", by: null },
    { key: "state", by: (row) => departments.urgency(row.state) },
    { key: "delivers", by: (row) => row.delivers.reduce((sum, [, n]) => sum + (n ?? 0), 0) },
    { key: "open", by: (row) => row.cases?.open ?? -1 },
    { key: "overdue", by: (row) => row.cases?.overdue ?? -1 },
    { key: "ontime", by: (row) => (isUnknown(row.cases?.ontime) ? -2 : 1 - row.cases.ontime) },
    { key: "days", by: null },
    { key: "change", by: (row) => changeOf(row.cases?.weeks) },
    { key: "sensors", by: (row) => share(row.sensors) },
    { key: "over", by: (row) => row.sensors[2] },
    { key: "cameras", by: (row) => row.cameras[0] },
    { key: "alarms", by: (row) => row.alarms },
    { key: "people", by: (row) => row.people[1] },
  ];

  const URGENT = ["live", "not-configured", "delayed", "no-data", "partial", "paused", "frozen", "stale", "error"];
  departments.urgency = (state) => URGENT.indexOf(state);

  function changeOf([now, before] = []) {
    return isUnknown(now) || !before ? -Infinity : now / before;
  }

  departments.changeText = ([now, before] = []) => {
    if (isUnknown(now) || isUnknown(before)) return UNKNOWN;
    if (!before) return now ? UNKNOWN : "±0%"; // nothing is no base for a share
    const change = Math.round((now / before - 1) * 100);
    return `${change > 0 ? "+" : change < 0 ? "−" : "±"}${Math.abs(change)}%`;
  };

  departments.look = (id) => onescreen.choice.set({ department: id });

  /** The name of a department: the overview's strip tells it on every page. */
  departments.nameOf = (id) => {
    const told = onescreen.heldPanel("departments-board")?.values?.rows?.find((row) => row.id === id);
    if (told) return named(told.name, told.name_en);
    const held = onescreen.heldPanel("departments")?.values?.rows?.find(([key]) => key === id);
    return held ? named(held[1], held[2]) : id;
  };
  onescreen.choice.call("department", departments.nameOf);

  departments.kindText = ([kind, n]) => {
    const name = onescreen.text[`departments.kind.${kind}`] ?? word("kind", kind);
    return isUnknown(n) ? name : t("departments.records", { kind: name, n: count(n) });
  };

  departments.spark = spark;
  departments.showDays = (chart, days) => {
    const isBusy = (days ?? []).some(Boolean);
    const points = (isBusy ? days : []).map((value, i) => [i, value]).filter(([, value]) => !isUnknown(value));
    set(chart, { "data-empty": !points.length });
    if (points.length) showSpark(chart, { points, from: 0, to: days.length - 1 });
  };

  const sorted = () => new URLSearchParams(location.search).get(SORT) ?? "name";

  function sortBy(key) {
    const params = new URLSearchParams(location.search);
    if (key === "name" || key === sorted()) params.delete(SORT);
    else params.set(SORT, key);
    onescreen.goTo(location.pathname + (params.size ? `?${params}` : ""), { replace: true });
    onescreen.drawAllPanels();
  }

  function build(body) {
    const head = h("div", { class: "departments-row departments-head", role: "row" });
    for (const { key, by } of COLUMNS) {
      const text = t(`departments.column.${key}`);
      const cell = h("div", { role: "columnheader", "data-column": key });
      if (!by && key !== "name") cell.append(text);
      else {
        const button = h("button", { type: "button", title: t("departments.sort", { column: text }) }, text);
        button.addEventListener("click", () => sortBy(key));
        cell.append(button);
      }
      head.append(cell);
    }
    const list = h("div", { class: "departments-list", role: "rowgroup" });
    const sum = h("div", { class: "departments-row departments-total", role: "row" });
    body.append(h("div", { class: "departments-table", role: "table", "aria-label": t("panel.departments-board") }, head, list, sum));
    return { head, list, sum };
  }

  function make(row) {
    const line = h("div", { class: "departments-row", role: "row" });
    for (const { key } of COLUMNS) line.append(h("div", { role: "cell", "data-column": key }));
    const pick = h("button", { type: "button", class: "departments-name" });
    pick.addEventListener("click", () => departments.look(line.getAttribute("data-picked") === null ? row.id : null));
    line.children[0].append(pick);
    line.children[1].append(h("b"), h("span"));
    line.children[6].append(spark());
    line.addEventListener("click", (event) => event.target.closest("button") ?? pick.click());
    return line;
  }

  /** A number that is nothing to speak of when there is none: blank, not a wall of zeros. */
  const some = (value) => (value ? count(value) : "");

  function fill(line, row, picked) {
    const [name, state, delivers, open, overdue, ontime, days, change, sensors, over, cameras, alarms, people] = line.children;
    const { cases } = row;
    say(name.firstChild, named(row.name, row.name_en));
    set(name.firstChild, { "aria-pressed": String(row.id === picked) });
    showState(state, row);
    const kinds = row.delivers.map(departments.kindText).join(" · ");
    say(delivers, kinds);
    set(delivers, { title: kinds || null });
    say(open, cases ? count(cases.open) : UNKNOWN);
    say(overdue, cases ? some(cases.overdue) : UNKNOWN);
    set(overdue, { "data-overdue": cases?.overdue > 0 });
    say(ontime, !cases ? UNKNOWN : isUnknown(cases.ontime) ? "" : `${percent(cases.ontime)}%`);
    set(ontime, { "data-low": cases && !isUnknown(cases.ontime) && cases.ontime < (onescreen.settings.ontime_target ?? 0) });
    departments.showDays(days.firstChild, cases?.days);
    const isBusy = Boolean(cases?.days.some(Boolean));
    say(change, !cases ? UNKNOWN : isBusy ? departments.changeText(cases.weeks) : "");
    set(open, { "data-idle": cases && !isBusy });
    const [total, online, isOver, unknown] = row.sensors;
    say(sensors, total ? (unknown === total ? `${UNKNOWN} / ${count(total)}` : `${count(online)} / ${count(total)}`) : "");
    say(over, some(isOver));
    set(over, { "data-over": isOver > 0 });
    say(cameras, some(row.cameras[0]));
    say(alarms, some(row.alarms));
    set(alarms, { "data-over": row.alarms > 0 });
    say(people, row.people[0] ? `${count(row.people[1])} / ${count(row.people[0])}` : "");
    set(line, { "data-picked": row.id === picked, "data-down": departments.urgency(row.state) > 1 });
  }

  function showState(cell, row) {
    const [label, age] = cell.children;
    const [all, live] = row.sources;
    const isDown = all && row.state !== "live";
    say(label, !all ? t("departments.no_source") : `${isDown ? word("departments", row.state) : t("departments.live")} ${live}/${all}`);
    set(cell, { "data-state": all ? row.state : "none" });
    if (all) since(age, "ago", row.at);
    else set(age, { "data-since": null });
    if (!all) say(age, "");
  }

  function fillSum({ sum }, values) {
    const { open, overdue, elsewhere } = values.sum;
    if (!sum.childElementCount) for (const { key } of COLUMNS) sum.append(h("div", { role: "cell", "data-column": key }));
    say(sum.children[0], t("departments.sum"));
    say(sum.children[2], elsewhere ? t("departments.elsewhere", { n: count(elsewhere) }) : "");
    say(sum.children[3], count(open));
    say(sum.children[4], isUnknown(overdue) ? UNKNOWN : some(overdue));
    set(sum.children[4], { "data-overdue": overdue > 0 });
  }

  onescreen.definePanel("departments-board", (body, values, _, section) => {
    const parts = once(body, build);
    const key = sorted();
    const { by } = COLUMNS.find((column) => column.key === key) ?? {};
    const all = by ? [...values.rows].sort((a, b) => by(b) - by(a)) : values.rows;
    for (const cell of parts.head.children) {
      const isIt = cell.dataset.column === key;
      set(cell, { "aria-sort": isIt ? (key === "name" ? "ascending" : "descending") : null });
    }
    rows(parts.list, all, (row) => row.id, make, (line, row) => fill(line, row, values.picked));
    fillSum(parts, values);
    say(section.querySelector(".panel-note"), isUnknown(values.ok) ? "" : `${t("departments.ok")} ${values.ok} / ${values.rows.length}`);
  });
})();
