// What happened around it, the newest first, under the curve of the reading it is about.
(() => {
  "use strict";
  const { h, set, say, once, rows, spark, showSpark, prioritySign, showPriority, minuteOf, measured, count, fitting, named, alarmTitle, t } = onescreen.tools;
  const tools = onescreen.tools;
  const { emergency } = onescreen;
  const ROW_REM = 1.8;
  const AHEAD_MS = 600_000;
  const TICKS = 4;

  const FACTS = {
    alarm: (event) => ({ name: alarmTitle(event) }),
    acknowledged: (event) => ({ name: named(event.name, event.name_en), who: event.who || t("emergency.somebody") }),
    ended: (event) => ({ name: named(event.name, event.name_en) }),
    warning: (event) => ({ name: named(event.name || event.event, event.name_en) }),
    crossed: limitFacts,
    back: limitFacts,
    case: (event) => ({ category: event.category, subcategory: event.subcategory || event.category }),
    cameras_lost: (event) => ({ count: count(event.count) }),
  };

  function limitFacts({ value, unit, level, limit }) {
    return { value: measured(value, unit), level, limit: measured(limit, unit) };
  }

  const ADDRESSES = { alarm: "alarm", acknowledged: "alarm", ended: "alarm", warning: "warning", case: "case" };
  const SHAPES = { case: "●", crossed: "▲", back: "▽", cameras_lost: "▨", warning: "◧" };

  const make = () => h("a", { class: "emergency-event" }, h("time"), h("span", { class: "emergency-event-sign" }, prioritySign(), h("i")), h("span"), h("em"));

  function fill(row, event) {
    const [time, sign, text, where] = row.children;
    const kind = ADDRESSES[event.what];
    const address = kind ? `/${kind}/${encodeURIComponent(event.id)}` : null;
    const isAlarm = kind === "alarm";
    set(row, { href: address, "data-open": address, "data-what": event.what, "data-own": event.is_own, "data-level": event.level });
    say(time, tools.clock(event.at));
    set(sign.firstChild, { style: isAlarm ? null : "display:none" });
    if (isAlarm) showPriority(sign.firstChild, event.priority, event.what !== "alarm");
    say(sign.lastChild, isAlarm ? "" : (SHAPES[event.what] ?? ""));
    const words = t(`emergency.what.${event.what}`, FACTS[event.what](event));
    say(text, words);
    set(row, { title: words });
    say(where, event.is_own ? "" : emergency.distance(event.distance_m));
  }

  function build(body) {
    const chart = h("div", { class: "emergency-curve", role: "img" }, spark(), h("div", { class: "emergency-curve-limits" }));
    const axis = h("div", { class: "emergency-axis" });
    const list = h("div", { class: "emergency-events" });
    const none = h("p", { class: "none" }, t("emergency.no_events"));
    body.append(chart, axis, list, none);
    return { chart, axis, list, none };
  }

  function showCurve({ chart, axis }, values) {
    const { curve } = values;
    set(chart, { hidden: !curve?.points.length });
    set(axis, { hidden: !curve?.points.length });
    if (!curve?.points.length) return;
    const to = values.to + AHEAD_MS;
    showSpark(chart.firstChild, { points: curve.points, limits: curve.limits, from: values.from, to });
    const ticks = Array.from({ length: TICKS + 1 }, (_, i) => values.from + ((to - values.from) * i) / TICKS);
    rows(axis, ticks, (ms) => ticks.indexOf(ms), () => h("span"), (label, ms) => say(label, minuteOf(ms)));
    const last = curve.points.at(-1)[1];
    const near = tools.limitsThatMatter(curve.limits, last);
    rows(chart.lastChild, near, ([level]) => level, () => h("span"), (label, [level, limit]) => {
      set(label, { "data-level": level });
      say(label, t("emergency.level_short", { level, limit: measured(limit, curve.unit) }));
    });
    set(chart, { "aria-label": t("emergency.curve", { name: measured(last, curve.unit) }) });
  }

  onescreen.definePanel("emergency-timeline", (body, values) => {
    const parts = once(body, build);
    showCurve(parts, values);
    const shown = values.events.slice(0, fitting(parts.list, ROW_REM));
    rows(parts.list, shown, (event) => `${event.what}/${event.id}/${event.at}`, make, fill);
    set(parts.none, { hidden: values.events.length > 0 });
  });
})();
