// What is still open in the area: its alarms, and the cases that are overdue longest.
(() => {
  "use strict";
  const onescreen = window.onescreen;
  const { h, say, set, once, rows, fitting, count, t, word, since, prioritySign, showPriority, alarmWords } = onescreen.tools;
  const { grid } = onescreen;
  const ROW_REM = 2.6;

  const makeAlarm = () => h("a", { class: "grid-open-row" }, prioritySign(), h("div", null, h("b"), h("small")), h("span", { class: "grid-age" }));

  function fillAlarm(row, alarm) {
    const [sign, [title, where], age] = [row.children[0], row.children[1].children, row.children[2]];
    const address = `/alarm/${encodeURIComponent(alarm.id)}`;
    set(row, { href: address, "data-open": address });
    showPriority(sign, alarm.priority, alarm.acknowledged_at !== null);
    say(title, alarmWords(alarm).join(""));
    say(where, onescreen.tools.named(alarm.street, alarm.street_en));
    since(age, "age", alarm.started_at);
  }

  const makeCase = () => h("a", { class: "grid-open-row", "data-overdue": true }, h("i", { class: "grid-overdue-sign", "aria-hidden": "true" }), h("div", null, h("b"), h("small")), h("span", { class: "grid-age" }));

  function fillCase(row, [id, category, subcategory, due, department]) {
    const [, [title, where], age] = [row.children[0], row.children[1].children, row.children[2]];
    const address = `/case/${encodeURIComponent(id)}`;
    set(row, { href: address, "data-open": address });
    say(title, word("subcategory", subcategory) || word("category", category));
    const held = onescreen.heldPanel("departments")?.values?.rows?.find(([key]) => key === department);
    say(where, [id.split(".").at(-1), held ? onescreen.tools.named(held[1], held[2]) : department].filter(Boolean).join(" · "));
    since(age, "duration", due, "grid.open.late");
  }

  onescreen.definePanel("grid-open", (body, values, _, section) => {
    const parts = once(body, () => {
      const list = () => h("div", { class: "grid-list grid-open-list" });
      const made = { alarmHead: h("div", { class: "grid-subhead" }), alarms: list(), caseHead: h("div", { class: "grid-subhead" }), cases: list() };
      body.append(made.alarmHead, made.alarms, made.caseHead, made.cases);
      return made;
    });
    grid.subject(section, grid.placeName(values));
    say(parts.alarmHead, values.alarms_of ? `${t("grid.open.alarms")} ${count(values.alarms_of)}` : t("grid.open.no_alarms"));
    say(parts.caseHead, values.cases_of ? `${t("grid.open.cases")} · ${count(values.cases_of)}` : t("grid.open.no_cases"));
    set(parts.alarms, { hidden: !values.alarms_of });
    set(parts.cases, { hidden: !values.cases_of });
    const room = Math.max(2, fitting(body, ROW_REM, 0) - 1);
    const half = Math.max(1, Math.floor(room / 2));
    const alarms = values.alarms.slice(0, Math.max(half, room - values.cases.length));
    rows(parts.alarms, alarms, ({ id }) => id, makeAlarm, fillAlarm);
    rows(parts.cases, values.cases.slice(0, Math.max(1, room - alarms.length)), ([id]) => id, makeCase, fillCase);
  });
})();
