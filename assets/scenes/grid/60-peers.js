// Areas of like population by the same number: where this one stands among them. For the district, its streets.
(() => {
  "use strict";
  const onescreen = window.onescreen;
  const { h, say, set, once, rows, fitting, bar, showBar, named, isUnknown, count, t, UNKNOWN } = onescreen.tools;
  const { grid } = onescreen;
  const ROW_REM = 1.75;

  function make(row) {
    const button = h("button", { type: "button", class: "grid-peer-row" }, h("span"), h("span", { class: "grid-name" }), h("span", { class: "grid-people" }), bar(), h("b"));
    button.addEventListener("click", () => grid.look({ area: row.code }));
    return button;
  }

  function fill(button, row, values, most) {
    const [place, name, people, share, value] = button.children;
    say(place, isUnknown(row.rank) ? UNKNOWN : String(row.rank));
    say(name, named(row.name, row.name_en));
    say(people, count(row.people));
    showBar(share, (row.value ?? 0) / most, 0);
    say(value, grid.format(values.number, values.per)(row.value));
    set(button, { "aria-current": row.is_own ? "true" : null, title: `${named(row.name, row.name_en)} · ${grid.figure(values.number)} ${grid.format(values.number, "")(row.count)}` });
  }

  onescreen.definePanel("grid-peers", (body, values, _, section) => {
    const { list, figure } = once(body, () => {
      const cell = (key) => h("span", null, t(`grid.column.${key}`));
      const top = h("div", { class: "grid-peer-row grid-head", "aria-hidden": "true" }, cell("rank"), cell("name"), cell("people"), h("span"), cell("value"));
      body.append(top);
      return { list: body.appendChild(h("div", { class: "grid-list" })), figure: top.children[4] };
    });
    grid.remember(values);
    const subject = [grid.title(values), values.area ? "" : t("grid.peers.all")].filter(Boolean).join(" · ");
    grid.subject(section, subject);
    const format = grid.format(values.number, values.per);
    say(section.querySelector(".panel-note"), isUnknown(values.median) ? "" : t("grid.peers.median", { value: format(values.median) }));
    say(figure, grid.title(values));
    const room = fitting(list, ROW_REM, 0);
    const most = Math.max(1e-9, ...values.rows.map((row) => row.value ?? 0));
    let shown = values.rows.slice(0, room);
    const own = values.rows.find((row) => row.is_own);
    if (own && !shown.includes(own)) shown = [...shown.slice(0, -1), own];
    rows(list, shown, (row) => row.code, make, (button, row) => fill(button, row, values, most));
  });
})();
