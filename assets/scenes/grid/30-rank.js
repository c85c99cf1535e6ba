// The ranking of the areas on the map: place, value, 14 days, the last seven against the seven before.
(() => {
  "use strict";
  const onescreen = window.onescreen;
  const { h, say, set, once, rows, fitting, bar, showBar, named, isUnknown, count, t, UNKNOWN } = onescreen.tools;
  const { grid } = onescreen;
  const ROW_REM = 1.75;

  function head() {
    const cell = (key) => h("span", null, t(`grid.column.${key}`));
    return h("div", { class: "grid-rank-row grid-head", "aria-hidden": "true" }, cell("rank"), cell("name"), h("span"), cell("value"), cell("days"), cell("change"));
  }

  function make(row) {
    const button = h("button", { type: "button", class: "grid-rank-row" }, h("span"), h("span", { class: "grid-name" }), bar(), h("b"), grid.spark(), h("span", { class: "grid-change" }));
    button.addEventListener("click", () => grid.look({ area: row.code }));
    return button;
  }

  function fill(button, row, values, most) {
    const [place, name, share, value, days, change] = button.children;
    const format = grid.format(values.number, values.per);
    const label = named(row.name, row.name_en);
    say(place, isUnknown(row.rank) ? UNKNOWN : String(row.rank));
    say(name, label);
    showBar(share, (row.value ?? 0) / most, 0);
    say(value, format(row.value));
    grid.showSpark(days, row.days);
    say(change, grid.change(row.weeks, values.is_share));
    const plain = grid.format(values.number, "");
    const said = row.days ? t("grid.change", { now: plain(row.weeks[0]), before: plain(row.weeks[1]) }) : t("grid.no_history");
    set(change, { "data-worse": grid.isWorse(row.weeks, values) });
    set(button, { "aria-current": row.code === values.area ? "true" : null, "data-unknown": isUnknown(row.value), title: `${label} · ${said}` });
  }

  onescreen.definePanel("grid-rank", (body, values, _, section) => {
    const { top, list, rest } = once(body, () => {
      const parts = { list: h("div", { class: "grid-list" }), rest: h("div", { class: "more" }) };
      const line = head();
      body.append(line, parts.list, parts.rest);
      return { ...parts, top: line.children[3] };
    });
    grid.remember(values);
    grid.subject(section, grid.title(values));
    say(top, grid.figure(values.number));
    say(section.querySelector(".panel-note"), t("grid.rank.of", { n: count(values.of) }));
    const room = fitting(list, ROW_REM, values.rows.length);
    const shown = values.rows.slice(0, room);
    const own = values.rows.find((row) => row.code === values.area);
    if (own && !shown.includes(own)) shown[shown.length - 1] = own; // where the reader is, is always among them
    const most = Math.max(1e-9, ...values.rows.map((row) => row.value ?? 0));
    rows(list, shown, (row) => row.code, make, (button, row) => fill(button, row, values, most));
    say(rest, values.of > shown.length ? t("grid.rank.more", { n: count(values.of - shown.length) }) : "");
  });
})();
