// Where today's cases came from, against the same weekday.
(() => {
  "use strict";
  const { h, bar, showBar, say, once, rows, fitting, count, change, isUnknown, word, t } = onescreen.tools;
  const ROW_REM = 1.5;
  const FEW = 10;

  const make = () => h("div", { class: "origin" }, h("span"), bar(), h("b"), h("span", { class: "origin-change" }));

  function fill(row, { origin, today, usual, most }) {
    const [name, rowBar, figure, changed] = row.children;
    say(name, word("origin", origin));
    showBar(rowBar, today / most, 0);
    say(figure, count(today));
    say(changed, changeText(today, usual));
  }

  /** Shares of a handful of cases shout without meaning: below FEW the difference itself is told. */
  function changeText(today, usual) {
    if (isUnknown(usual)) return "";
    return usual < FEW ? change(Math.round(today - usual)) : `${change(Math.round((today / usual - 1) * 100))}%`;
  }

  onescreen.definePanel("origins", (body, values, _, section) => {
    const list = once(body, () => body.appendChild(h("div", { class: "origin-list" })));
    const all = values.rows ?? [];
    const most = Math.max(1, ...all.map(([, today]) => today));
    const shown = all.slice(0, fitting(body, ROW_REM)).map(([origin, today, usual]) => ({ origin, today, usual, most }));
    rows(list, shown, ({ origin }) => origin, make, fill);
    say(section.querySelector(".panel-note"), t("origins.note"));
  });
})();
