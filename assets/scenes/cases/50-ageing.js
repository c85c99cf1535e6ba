// How old the open cases are and what time they have left: overdue above, due soon next; each group adds up.
(() => {
  "use strict";
  const { h, set, say, bar, showBar, once, rows, count, duration, isUnknown, t } = onescreen.tools;
  const { cases } = onescreen;

  const make = () => h("button", { type: "button", class: "age-row" }, h("span"), bar(), h("b"));

  function fill(row, { key, value, n, late, most }) {
    const [name, rowBar, figure] = row.children;
    const label = t(`cases.${key}.${value}`);
    cases.pickable(row, key, value, t("cases.row", { name: label, open: count(n), overdue: count(late) }));
    set(row, { "data-late": key === "due" && value.startsWith("late") && n > 0, "data-soon": value === "left4h" && n > 0 });
    say(name, label);
    showBar(rowBar, n / most, late / most);
    say(figure, count(n));
  }

  function build(body) {
    const group = (name) => {
      const note = h("small");
      const list = h("div", { class: "age-rows" });
      body.append(h("div", { class: "age-group" }, h("h3", null, t(`cases.${name}`), note), list));
      return { note, list };
    };
    return { ages: group("ages"), dues: group("dues") };
  }

  onescreen.definePanel("cases-ageing", (body, values, _, section) => {
    const parts = once(body, build);
    cases.explain(section);
    const ages = (values.ages ?? []).map(([value, n, late]) => ({ key: "age", value, n, late }));
    const dues = (values.dues ?? []).map(([value, n]) => ({ key: "due", value, n, late: value.startsWith("late") ? n : 0 }));
    for (const [place, items] of [[parts.ages, ages], [parts.dues, dues]]) {
      const most = Math.max(1, ...items.map(({ n }) => n));
      rows(place.list, items.map((item) => ({ ...item, most })), ({ value }) => value, make, fill);
    }
    say(parts.ages.note, isUnknown(values.median_s) ? "" : t("cases.ages.median", { age: duration(values.median_s) }));
    say(parts.dues.note, values.overdue ? t("cases.flow.overdue", { n: count(values.overdue) }) : "");
  });
})();
