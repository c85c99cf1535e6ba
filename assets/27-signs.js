// The signs that mean the same everywhere: priorities, warning signs, bars.
(() => {
  "use strict";
  const onescreen = (window.onescreen = window.onescreen ?? {});
  const tools = onescreen.tools;
  const { svg, h, set, say } = tools;

  // Shape of a priority in a box from −13 to 13, and where its digit stands.
  const PRIORITIES = {
    1: { path: "M0-10 11.2 9.7H-11.2Z", digit: 7.4 },
    2: { path: "M0-11.4 11.4 0 0 11.4-11.4 0Z", digit: 4.6 },
    3: { path: "M-8.8-8.8H8.8V8.8H-8.8Z", digit: 4.6 },
    4: { path: "M0-9.6A9.6 9.6 0 1 1 0 9.6 9.6 9.6 0 1 1 0-9.6Z", digit: 4.6 },
  };
  const SIGN_CHARACTERS = 4; // 道路结冰, the longest hazard of the official signs
  const LEVELS = { red: "Ⅰ", orange: "Ⅱ", yellow: "Ⅲ", blue: "Ⅳ", unknown: "" };

  /** ▲1 ◆2 ■3 ●4: filled while unacknowledged, hollow once acknowledged, always with its digit. */
  tools.prioritySign = () =>
    svg(
      "svg",
      { viewBox: "-13 -13 26 26", class: "priority", "aria-hidden": "true" },
      svg("path", { "stroke-linejoin": "round" }),
      svg("text", { "text-anchor": "middle" }),
    );

  tools.showPriority = (sign, priority, isAcknowledged) => {
    const shape = PRIORITIES[priority] ?? PRIORITIES[4];
    set(sign, { "data-priority": priority, "data-hollow": isAcknowledged });
    set(sign.firstChild, { d: shape.path });
    set(sign.lastChild, { y: shape.digit });
    say(sign.lastChild, String(priority));
  };

  /** The hazard of an event: offices give "暴雨" or the whole signal's name, "暴雨橙色预警信号". */
  tools.hazardOf = (event) => event.replace(/[红橙黄蓝]色预警.*$/u, "") || event;

  /** The sign of a warning: hazard's name, colour's character and Roman numeral. */
  tools.warningSign = () => h("span", { class: "warning-sign", "aria-hidden": "true" }, h("b"), h("i"));

  tools.showWarningSign = (sign, event, level, levelText) => {
    const known = level in LEVELS ? level : "unknown";
    set(sign, { "data-level": known });
    // What has no room in the sign (other languages, upstreams that send sentences) stands beside it.
    const fits = (text) => text && text.length <= SIGN_CHARACTERS;
    const colour = known !== "unknown" ? tools.t(`level.${known}`) : fits(levelText) ? levelText : "?";
    const hazard = tools.hazardOf(event);
    const isShort = onescreen.language === "zh" && fits(hazard);
    say(sign.firstChild, isShort ? hazard : LEVELS[known] || "!");
    say(sign.lastChild, isShort ? colour + LEVELS[known] : colour);
  };

  /** A bar with a part of it marked, as shares 0 … 1. */
  tools.bar = () => h("span", { class: "bar", "aria-hidden": "true" }, h("i"), h("u"));

  tools.showBar = (bar, share, part) => {
    bar.firstChild.style.width = `${100 * Math.min(1, Math.max(0, share))}%`;
    bar.lastChild.style.width = `${100 * Math.min(1, Math.max(0, part))}%`;
  };

  /** What an alarm says, as [name, rest]: a name may be cut where room is short, the value never. */
  tools.alarmWords = ({ rule, name: ownName, name_en: nameEn, value, unit }) => {
    const name = tools.named(ownName, nameEn);
    if (tools.isUnknown(value)) return [name, ""];
    const key = onescreen.text[`rule.${rule}`] ? `rule.${rule}` : "rule.threshold";
    const [before, rest] = tools.t(key, { name: "\0", value: tools.measured(value, unit) }).split("\0");
    return rest === undefined ? [before, ""] : [before + name, rest]; // a rule may name nobody
  };

  /** What an alarm's value is worth where its device does not speak: "最后读数 12 分钟前", "" while it does. */
  tools.alarmStanding = (alarm) => {
    const key = standingKey(alarm);
    return key && tools.t(key, { age: tools.age((tools.now() - alarm.value_at) / 1000) });
  };

  function standingKey({ state, value, value_at: at }) {
    if (!state || state === "live") return "";
    if (tools.isUnknown(at)) return `alarms.${state}`;
    return `alarms.${state}_${tools.isUnknown(value) ? "picture" : "reading"}`; // alarms about cameras have no value
  }

  /** The same in an element that stays up to date by itself. */
  tools.showAlarmStanding = (element, alarm) => {
    const key = standingKey(alarm);
    set(element, { "data-standing": key ? alarm.state : null, hidden: !key });
    if (key && !tools.isUnknown(alarm.value_at)) return tools.since(element, "age", alarm.value_at, key);
    set(element, { "data-since": null });
    return say(element, key && tools.t(key));
  };

  /** Name and value of an alarm in one line. */
  tools.alarmTitle = (row) => tools.alarmWords(row).join("");
})();
