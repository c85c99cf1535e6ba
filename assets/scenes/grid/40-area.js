// Every number of the area looked at, each beside its peers, its rank and the two weeks behind it.
(() => {
  "use strict";
  const onescreen = window.onescreen;
  const { h, say, set, once, rows, count, isUnknown, t, UNKNOWN } = onescreen.tools;
  const { grid } = onescreen;

  function head(isDistrict) {
    const cell = (key) => h("span", null, t(`grid.column.${key}`));
    const cells = isDistrict ? [cell("figure"), cell("value"), cell("change")] : ["figure", "value", "per_people", "peers", "place", "change"].map(cell);
    return h("div", { class: "grid-area-row grid-head" }, ...cells);
  }

  function make(row) {
    const button = h("button", { type: "button", class: "grid-area-row" }, h("span", { class: "grid-name" }), h("b"), h("span"), h("span"), h("span"), h("span", { class: "grid-change" }));
    button.addEventListener("click", () => grid.look({ number: row.key === grid.FIGURES[0] ? null : row.key }));
    return button;
  }

  function fill(button, row, values) {
    const [name, value, rate, peers, place, change] = button.children;
    const format = grid.format(row.key, "");
    const rated = grid.format(row.key, "people");
    say(name, grid.figure(row.key));
    // The wall's own numbers are the district's: of a part of it only what means the same there is explained.
    const isExplained = !values.area || Boolean(onescreen.text[`explain.${row.key}`]);
    set(name, { "data-explain": isExplained ? row.key : null, "data-explain-name": grid.figure(row.key), "data-explain-value": format(row.value) });
    say(value, format(row.value));
    set(value, { "data-overdue": row.key === "cases_overdue" && row.value > 0 });
    say(rate, row.is_share ? "" : rated(row.per_people));
    say(peers, row.is_share ? format(row.peers) : rated(row.peers));
    say(place, isUnknown(row.rank) ? UNKNOWN : `${row.rank}/${values.of}`);
    say(change, grid.change(row.weeks, row.is_share));
    set(change, { "data-worse": grid.isWorse(row.weeks, row) });
    set(button, { "aria-pressed": String(row.key === values.number), "data-worst": row.rank !== null && row.rank <= 3 });
    for (const cell of [rate, peers, place]) set(cell, { hidden: !values.area });
  }

  onescreen.definePanel("grid-area", (body, values, _, section) => {
    const parts = once(body, () => {
      const facts = h("div", { class: "grid-facts" }, h("b"), h("span"), h("span"), h("a", { class: "grid-link" }, t("grid.detail")));
      const list = h("div", { class: "grid-list" });
      body.append(facts, h("div"), list);
      return { facts, list };
    });
    const [name, people, size, link] = parts.facts.children;
    const address = `/area/${values.area ?? values.path[0]?.[0] ?? ""}`;
    say(name, grid.placeName(values));
    say(people, t("grid.people", { n: count(values.people) }));
    say(size, isUnknown(values.km2) ? "" : t("grid.km2", { n: values.km2 >= 10 ? values.km2.toFixed(1) : values.km2.toFixed(2) }));
    set(link, { href: address, "data-open": address });
    set(body, { "data-district": !values.area });
    const before = parts.facts.nextElementSibling;
    before.replaceWith(head(!values.area));
    rows(parts.list, values.rows, (row) => row.key, make, (button, row) => fill(button, row, values));
    grid.remember(values);
    grid.subject(section, values.area ? t(`grid.level.${values.path.at(-1)[3]}`) : t("grid.level.district"));
  });
})();
