// Active alarms, unacknowledged first. Rows never move under a pointer: what is new waits until it has left.
(() => {
  "use strict";
  const { h, prioritySign, showPriority, alarmTitle, alarmStanding, showAlarmStanding, say, sayParts, set, once, rows, fitting, since, count, named, t } = onescreen.tools;
  const ROW_REM = 3.22;

  function make() {
    return h(
      "a",
      { class: "alarm" },
      prioritySign(),
      h("span", { class: "alarm-facts" }, h("b"), h("span", null, h("em", { class: "standing" }), h("span"))),
      h("span", { class: "alarm-state" }, h("b"), h("span")),
    );
  }

  function fill(row, alarm) {
    const [sign, facts, state] = row.children;
    const address = `/alarm/${encodeURIComponent(alarm.id)}`;
    const isNew = !alarm.acknowledged_at;
    const title = alarmTitle(alarm);
    const { priority } = alarm;
    const label = t("alarms.row", { priority, title });
    const standing = alarmStanding(alarm);
    const said = [label, standing].filter(Boolean).join(" · ");
    set(row, { href: address, "data-open": address, "data-new": isNew, "aria-label": said, title });
    set(row, { "data-standing": standing ? alarm.state : null });
    showPriority(sign, priority, !isNew);
    say(facts.firstChild, title);
    const [words, rest] = facts.lastChild.children;
    showAlarmStanding(words, alarm);
    sayParts(rest, subtitle(alarm));
    const who = alarm.acknowledged_by;
    const handling = who ? t("alarms.acknowledged_by", { who }) : t("alarms.handling");
    say(state.firstChild, isNew ? t("alarms.unacknowledged_short") : handling);
    since(state.lastChild, isNew ? "stopwatch" : "age", isNew ? alarm.started_at : alarm.acknowledged_at);
  }

  function subtitle({ street, street_en: streetEn, department, department_en: departmentEn, rule, count: merged }) {
    const parts = [street && named(street, streetEn), department && named(department, departmentEn)];
    if (merged > 1 && rule !== "camera_outage") parts.push(t("alarms.merged", { n: count(merged) }));
    return parts;
  }

  function build(body) {
    const waiting = h("button", { class: "alarms-waiting", type: "button", hidden: true });
    const list = h("div", { class: "alarm-list" });
    const more = h("p", { class: "more" });
    const none = h("p", { class: "none" }, t("alarms.none"));
    body.append(waiting, list, more, none);
    const parts = { waiting, list, more, none, shown: [], known: new Set(), held: null };
    const release = () => {
      if (parts.held) show(body, parts, parts.held);
    };
    list.addEventListener("pointerleave", release);
    list.addEventListener("focusout", (event) => list.contains(event.relatedTarget) || release());
    waiting.addEventListener("click", () => show(body, parts, parts.held));
    return parts;
  }

  // A clicked row keeps the focus after the pointer has left: only a focus that is seen holds the rows.
  const isTouched = (list) => list.matches(":hover") || list.querySelector(":focus-visible") !== null;

  /** The rows shown keep their order and fall away only in place; how many new ones wait. */
  function hold(parts, all) {
    const known = new Map(all.map((alarm) => [alarm.id, alarm]));
    rows(parts.list, parts.shown, (alarm) => alarm.id, make, (row, old) => {
      set(row, { "data-ended": !known.has(old.id) });
      fill(row, known.get(old.id) ?? old);
    });
    return all.filter((alarm) => !parts.known.has(alarm.id)).length;
  }

  function show(body, parts, values) {
    parts.held = null;
    const all = values.rows ?? [];
    const total = values.total ?? all.length;
    parts.known = new Set(all.map((alarm) => alarm.id));
    parts.shown = all.slice(0, fitting(body, ROW_REM, total));
    rows(parts.list, parts.shown, (alarm) => alarm.id, make, (row, alarm) => fill(set(row, { "data-ended": null }), alarm));
    set(parts.waiting, { hidden: true });
    const rest = total - parts.shown.length;
    say(parts.more, rest > 0 ? t("alarms.more", { n: count(rest) }) : "");
    set(parts.none, { hidden: !values.rows || all.length > 0 });
  }

  onescreen.definePanel("alarms", (body, values, _, section) => {
    const parts = once(body, build);
    const { unacknowledged, handling } = values;
    const note = `${t("alarms.unacknowledged")} ${count(unacknowledged)} · ${t("alarms.handling")} ${count(handling)}`;
    say(section.querySelector(".panel-note"), note);
    if (!parts.shown.length || !isTouched(parts.list)) return show(body, parts, values);
    parts.held = values;
    const waiting = hold(parts, values.rows ?? []);
    say(parts.waiting, t("alarms.waiting", { n: waiting }));
    set(parts.waiting, { hidden: waiting === 0 });
  });
})();
