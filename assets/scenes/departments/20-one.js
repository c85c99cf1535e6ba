// One department in full; while none is picked, those that need a look.
(() => {
  "use strict";
  const onescreen = window.onescreen;
  const { h, svg, say, set, once, rows, fitting, named, count, percent, isUnknown, t, word, since, bar, showBar, prioritySign, showPriority, alarmWords, UNKNOWN } =
    onescreen.tools;
  const { departments } = onescreen;
  const NEED_REM = 1.85;
  const STEPS = ["collect", "register", "dispatch", "handle", "reply", "close", "evaluate"];

  function build(body) {
    const part = (key) => {
      const head = h("div", { class: "departments-subhead" }, t(`departments.part.${key}`));
      const list = h("div", { class: "departments-part" });
      return { head, list, box: h("section", { class: "departments-box" }, head, list) };
    };
    const back = h("button", { type: "button", class: "departments-back" }, `‹ ${t("departments.all")}`);
    back.addEventListener("click", () => departments.look(null));
    const title = h("div", { class: "departments-title" }, h("b"), h("span"), h("a", { class: "departments-link" }, t("departments.detail")), back);
    const facts = h("div", { class: "departments-facts" });
    const parts = { steps: part("steps"), sensors: part("sensors"), alarms: part("alarms"), oldest: part("oldest") };
    const one = h("div", { class: "departments-one" }, title, facts, ...Object.values(parts).map(({ box }) => box));
    const needing = h("div", { class: "departments-needing" });
    const rest = h("div", { class: "more" });
    const none = h("div", { class: "none" });
    body.append(one, needing, rest, none);
    return { one, title, facts, parts, needing, rest, none };
  }

  const makeNeeding = ([id]) => {
    const row = h("button", { type: "button", class: "departments-need" }, h("b"), h("span"), h("span"), h("span"));
    row.addEventListener("click", () => departments.look(id));
    return row;
  };

  function fillNeeding(row, [id, overdue, state, alarms]) {
    const [name, down, late, alarmed] = row.children;
    say(name, departments.nameOf(id));
    const isDown = departments.urgency(state) > 1;
    say(down, isDown ? word("departments", state) : "");
    set(down, { "data-state": isDown ? state : null });
    say(late, isUnknown(overdue) ? UNKNOWN : overdue ? t("departments.overdue", { n: count(overdue) }) : "");
    set(late, { "data-overdue": overdue > 0 });
    say(alarmed, alarms ? t("departments.alarms", { n: count(alarms) }) : "");
  }

  /** Open, overdue, on time: figures with what they are compared by. */
  function factsOf({ row, ontime_days: days }) {
    const { cases } = row;
    if (!cases) return [[t("departments.column.open"), UNKNOWN, "", null]];
    const share = isUnknown(cases.ontime) ? UNKNOWN : `${percent(cases.ontime)}%`;
    const shareBefore = days && !isUnknown(days.weeks[1]) ? pointsOf(days.weeks) : "";
    return [
      [t("departments.column.open"), count(cases.open), departments.changeText(cases.weeks), cases.days],
      [t("departments.column.overdue"), count(cases.overdue), "", null],
      [t("departments.column.ontime"), share, shareBefore, days?.series],
    ];
  }

  /** Change of a share in points. */
  function pointsOf([now, before]) {
    if (isUnknown(now)) return "";
    const points = Math.round((now - before) * 1000) / 10;
    return `${points > 0 ? "+" : points < 0 ? "−" : "±"}${Math.abs(points).toFixed(1)}`;
  }

  const makeFact = () => h("div", { class: "departments-fact" }, h("small"), h("b"), h("span"), departments.spark());

  function fillFact(box, [name, value, note, series]) {
    const [label, figure, said, chart] = box.children;
    say(label, name);
    say(figure, value);
    say(said, note);
    departments.showDays(chart, series);
  }

  const makeStep = () => h("div", { class: "departments-step" }, h("span"), bar(), h("b"), h("span"));

  function fillStep(row, [step, open, overdue], most) {
    const [name, share, figure, late] = row.children;
    say(name, t(`step.${STEPS[step]}`));
    showBar(share, open / most, overdue / most);
    say(figure, count(open));
    say(late, overdue ? t("departments.overdue", { n: count(overdue) }) : "");
    set(late, { "data-overdue": overdue > 0 });
  }

  const makeKind = () => h("div", { class: "departments-step" }, h("span"), bar(), h("b"), h("span"));

  function fillKind(row, [kind, total, online, over, unknown]) {
    const [name, share, figure, note] = row.children;
    say(name, word("sensor_kind", kind));
    showBar(share, unknown === total ? 0 : online / total, 0);
    say(figure, unknown === total ? `${UNKNOWN} / ${count(total)}` : `${count(online)} / ${count(total)}`);
    say(note, [over ? t("departments.over", { n: count(over) }) : "", unknown ? t("departments.unknown", { n: count(unknown) }) : ""].filter(Boolean).join(" · "));
    set(note, { "data-overdue": over > 0 });
  }

  const makeAlarm = () => h("a", { class: "departments-item" }, prioritySign(), h("b"), h("span"));

  function fillAlarm(row, alarm) {
    const address = `/alarm/${encodeURIComponent(alarm.id)}`;
    set(row, { href: address, "data-open": address });
    showPriority(row.children[0], alarm.priority, alarm.acknowledged_at !== null);
    say(row.children[1], alarmWords(alarm).join(""));
    since(row.children[2], "age", alarm.started_at);
  }

  const makeCase = () => h("a", { class: "departments-item" }, svg("svg", { viewBox: "-13 -13 26 26", class: "departments-late" }, svg("circle", { r: 9 })), h("b"), h("span", { "data-overdue": true }));

  function fillCase(row, [id, category, subcategory, due]) {
    const address = `/case/${encodeURIComponent(id)}`;
    set(row, { href: address, "data-open": address });
    say(row.children[1], word("subcategory", subcategory) || word("category", category) || id);
    since(row.children[2], "duration", due);
  }

  function showList({ box, list, head }, key, items, keyOf, make, fill) {
    rows(list, items, keyOf, make, fill);
    const empty = { steps: "", sensors: "departments.no_sensors", alarms: "departments.no_alarms", oldest: "departments.no_overdue" }[key];
    say(head, items.length || !empty ? t(`departments.part.${key}`) : t(empty));
    set(box, { hidden: !items.length && !empty });
  }

  function showOne(body, values) {
    const { one, title, facts, parts } = body;
    const [name, contact, link] = title.children;
    const address = `/department/${encodeURIComponent(values.picked)}`;
    say(name, named(values.row.name, values.row.name_en));
    say(contact, values.duty_officer ? t("departments.on_call", { name: values.duty_officer }) : "");
    set(link, { href: address, "data-open": address });
    rows(facts, factsOf(values), ([label]) => label, makeFact, fillFact);
    const most = Math.max(1, ...values.steps.map(([, open]) => open));
    showList(parts.steps, "steps", values.steps, ([step]) => step, makeStep, (row, step) => fillStep(row, step, most));
    showList(parts.sensors, "sensors", values.kinds, ([kind]) => kind, makeKind, fillKind);
    showList(parts.alarms, "alarms", values.alarms, ({ id }) => id, makeAlarm, fillAlarm);
    showList(parts.oldest, "oldest", values.cases, ([id]) => id, makeCase, fillCase);
    set(one, { hidden: false });
  }

  /** As many as there is room for; how many more there are is said, never cut through. */
  function showNeeding({ needing, rest }, all) {
    const shown = all.slice(0, fitting(needing, NEED_REM, all.length));
    rows(needing, shown, ([id]) => id, makeNeeding, fillNeeding);
    const more = all.length - shown.length;
    say(rest, more ? t("departments.more", { n: count(more) }) : "");
  }

  onescreen.definePanel("departments-one", (body, values, _, section) => {
    const parts = once(body, build);
    set(parts.one, { hidden: !values.picked });
    for (const part of [parts.needing, parts.rest]) set(part, { hidden: Boolean(values.picked) });
    const needing = values.rows ?? [];
    say(parts.none, values.picked || needing.length ? "" : t("departments.none_needing"));
    say(section.querySelector(".panel-subject"), values.picked ? "" : `${t("departments.needing")} ${count(needing.length)}`);
    if (values.picked) showOne(parts, values);
    else showNeeding(parts, needing);
  });
})();
