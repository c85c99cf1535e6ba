// Sensors that tell of the incident, each with its last three hours, limits, rate and when it reaches the next one.
(() => {
  "use strict";
  const { h, set, say, sayParts, once, rows, spark, showSpark, since, measured, minuteOf, isUnknown, word, t } = onescreen.tools;
  const tools = onescreen.tools;
  const { emergency } = onescreen;
  const ROW_REM = 3.5;
  const HOUR_MS = 3_600_000;
  const PAST_MS = 3 * HOUR_MS;
  const AHEAD_MS = HOUR_MS / 2;
  const STEP_MS = 60_000;
  const SHAPES = { alarm: "▲", unknown: "?" };

  function make() {
    return h(
      "a",
      { class: "emergency-sensor" },
      h("i", { class: "emergency-shape", "aria-hidden": "true" }),
      h("span", { class: "emergency-sensor-name" }, h("b"), h("span", null, h("em", { class: "standing" }), h("span"))),
      h("span", { class: "emergency-sensor-line" }, spark()),
      h("span", { class: "emergency-sensor-value" }, h("b"), h("span")),
    );
  }

  function ahead({ points, rate_per_h: rate }, to) {
    const last = points.at(-1);
    if (!last || isUnknown(rate) || last[0] >= to) return null;
    const value = last[1] + (rate * (to - last[0])) / HOUR_MS;
    return [to, last[1] >= 0 ? Math.max(0, value) : value];
  }

  function noteOf(sensor) {
    if (sensor.reaches) return t(sensor.reaches.is_back ? "emergency.falls_short" : "emergency.reaches_short", { at: minuteOf(sensor.reaches.at), limit: measured(sensor.reaches.limit) });
    const rate = emergency.rate(sensor.rate_per_h);
    const limit = isUnknown(sensor.limit) ? "" : t("emergency.limit", { limit: measured(sensor.limit) });
    return [rate, limit].filter(Boolean).join(" · ");
  }

  function fill(row, sensor) {
    const [shape, name, line, value] = row.children;
    const address = `/sensor/${encodeURIComponent(sensor.id)}`;
    const isOld = sensor.state === "offline" || sensor.state === "unknown";
    set(row, { href: address, "data-open": address, title: sensor.name, "data-state": sensor.state, "data-level": sensor.level || null, "data-why": sensor.why });
    set(shape, { "data-standing": sensor.state });
    say(shape, SHAPES[sensor.state] ?? "");
    say(name.firstChild, sensor.name);
    const [standing, rest] = name.lastChild.children;
    set(standing, { hidden: !isOld });
    if (isOld) since(standing, "age", sensor.at, "emergency.last_reading");
    else set(standing, { "data-since": null });
    sayParts(rest, [t(`emergency.why.${sensor.why}`), emergency.where(sensor), word("sensor_kind", sensor.kind)]);
    const to = Math.ceil(tools.now() / STEP_MS) * STEP_MS + AHEAD_MS;
    showSpark(line.firstChild, { points: sensor.points, limits: sensor.limits, ahead: isOld ? null : ahead(sensor, to), from: to - AHEAD_MS - PAST_MS, to });
    say(value.firstChild, measured(sensor.value, sensor.unit));
    say(value.lastChild, isOld ? "" : noteOf(sensor));
    const why = [t(`emergency.why.${sensor.why}`), noteOf(sensor)].filter(Boolean).join(" · ");
    set(row, { "aria-label": t("emergency.spark", { name: sensor.name, value: measured(sensor.value, sensor.unit), why }) });
  }

  onescreen.definePanel("emergency-sensors", (body, values) => {
    const { list, none } = once(body, (place) => {
      const parts = { list: h("div", { class: "emergency-rows" }), none: h("p", { class: "none" }) };
      place.append(parts.list, parts.none);
      return parts;
    });
    rows(list, values.rows.slice(0, tools.fitting(body, ROW_REM)), ({ id }) => id, make, fill);
    say(none, values.about ? t("emergency.no_sensors") : t("emergency.calm"));
    set(none, { hidden: values.rows.length > 0 });
  });
})();
