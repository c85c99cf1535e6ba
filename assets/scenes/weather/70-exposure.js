// Exposed: street by street what lies in the warned area, and the water of the underpasses against their limits.
(() => {
  "use strict";
  const tools = onescreen.tools;
  const { h, svg, say, set, once, rows, onChildren, fitting, named, count, decimal, measured, age, now, isUnknown, t, UNKNOWN } = tools;
  const weather = onescreen.weather;
  const ROW_REM = 2.25;
  const COUNTS = ["school", "hospital", "wharf", "site", "grids"];
  const FORMATS = ["csv", "xlsx", "geojson"];
  const SPARK = { width: 100, height: 36 };
  const SPARK_MS = 3600 * 1000;

  const cell = (name) => h("span", { class: `wx-count wx-${name}` });

  function makeRow() {
    const name = h("a", { class: "wx-street" }, h("b"), h("small"));
    const wet = h("span", { class: "wx-count wx-wet" }, h("b"), h("i"));
    return h("div", { class: "wx-exposed" }, name, wet, ...COUNTS.map(cell), h("span", { class: "wx-gauges" }));
  }

  function fillRow(element, { row, limits }) {
    const [street, wet, ...rest] = element.children;
    const address = row.code ? `/area/${row.code}` : null;
    set(street, { href: address, "data-open": address });
    const name = row.isRest ? row.name : row.code ? named(row.name, row.name_en) : t("streets.elsewhere");
    say(street.firstChild, name);
    set(street, { title: name });
    say(street.lastChild, row.isRest || !row.code ? "" : isUnknown(row.rain) ? UNKNOWN : t("weather.exposure.rain", { mm: decimal(row.rain) }));
    say(wet.firstChild, row.underpass && row.unknown === row.underpass ? UNKNOWN : count(row.wet));
    set(wet, { "data-wet": row.wet > 0 });
    say(wet.lastChild, ` / ${count(row.underpass)}`);
    COUNTS.forEach((name, i) => say(rest[i], count(row[name])));
    rows(rest.at(-1), row.gauges ?? [], ({ id }) => id, makeGauge, (link, gauge) => fillGauge(link, gauge, limits));
  }

  // A gauge: its last hour with the limits, then what it says now

  function makeGauge() {
    const spark = svg("svg", { class: "wx-spark", viewBox: `0 0 ${SPARK.width} ${SPARK.height}`, preserveAspectRatio: "none", "aria-hidden": "true" },
      svg("path", { class: "wx-spark-closed" }), svg("path", { class: "wx-spark-alert" }), svg("path", { class: "wx-spark-line" }));
    const facts = h("span", { class: "wx-gauge-facts" }, h("small"), h("span", null, h("b"), h("i"), weather.sign("over"), h("em")));
    return h("a", { class: "wx-gauge" }, spark, facts);
  }

  const stateOf = ({ is_fresh: isFresh, value, level }) =>
    isUnknown(value) ? "unknown" : !isFresh || isUnknown(level) ? "silent" : level === 1 ? "closed" : level > 0 ? "alert" : "normal";

  function fillGauge(link, gauge, limits) {
    const state = stateOf(gauge);
    const address = `/sensor/${encodeURIComponent(gauge.id)}`;
    const text = t(`weather.exposure.${state}`, { age: age((now() - gauge.at) / 1000) });
    set(link, { href: address, "data-open": address, "data-state": state, title: `${gauge.name} ${measured(gauge.value, gauge.unit)} ${text}` });
    const [spark, facts] = link.children;
    drawSpark(spark, gauge, limits);
    say(facts.firstChild, gauge.name);
    const [value, unit, sign, word] = facts.lastChild.children;
    say(value, isUnknown(gauge.value) ? UNKNOWN : decimal(gauge.value));
    say(unit, gauge.unit);
    set(sign, { hidden: state === "normal" });
    weather.showSign(sign, state === "closed" ? "closed" : state === "alert" ? "over" : "unknown");
    say(word, state === "normal" ? "" : text);
  }

  function drawSpark(spark, { points }, { closed, alert }) {
    const top = Math.max(closed ?? 0, ...points.map(([, value]) => value), 1) * 1.08;
    const y = (value) => SPARK.height - 1 - (Math.max(0, value) / top) * (SPARK.height - 2);
    const until = now();
    const x = (ms) => SPARK.width * Math.max(0, 1 - (until - ms) / SPARK_MS);
    const [closedLine, alertLine, curve] = spark.children;
    set(closedLine, { d: isUnknown(closed) ? "" : `M0 ${y(closed)}H${SPARK.width}` });
    set(alertLine, { d: isUnknown(alert) ? "" : `M0 ${y(alert)}H${SPARK.width}` });
    set(curve, { d: points.map(([ms, value], i) => `${i ? "L" : "M"}${x(ms).toFixed(1)} ${y(value).toFixed(1)}`).join("") });
  }

  // Head: which warning, and the list to take away

  function build(body) {
    const chips = h("span", { class: "wx-chips" });
    const exports = h("span", { class: "wx-exports" }, h("span", null, t("weather.exposure.export")),
      ...FORMATS.map((format) => h("a", { class: "wx-export", download: "", title: t("weather.exposure.export_title", { format: format.toUpperCase() }) }, format === "geojson" ? "GeoJSON" : format.toUpperCase())));
    onChildren(chips, "click", ({ dataset }) => onescreen.choice.set({ warning: dataset.default === undefined ? dataset.warning : null }));
    const bar = h("div", { class: "wx-bar" }, chips, exports);
    const legend = h("span", { class: "wx-gauges wx-spark-legend" }, h("span", { class: "wx-key-title" }, t("weather.exposure.water")), h("span", { class: "wx-key-alert" }), h("span", { class: "wx-key-closed" }));
    const [where, wet] = [h("span", null, t("weather.exposure.street")), h("span", { class: "wx-count", "data-explain": "weather.exposed", tabindex: 0 }, t("weather.exposure.underpass"))];
    const head = h("div", { class: "wx-exposed wx-exposed-head" }, where, wet, ...COUNTS.map((name) => h("span", { class: `wx-count wx-${name}` }, t(`weather.exposure.${name}`))), legend);
    const list = h("div", { class: "wx-exposed-list" });
    const total = makeRow();
    set(total, { class: "wx-exposed wx-exposed-total" });
    const none = h("p", { class: "none" });
    body.append(bar, none, head, list, total);
    return { bar, chips, exports, head, list, total, none, alert: legend.children[1], closed: legend.children[2] };
  }

  const makeChip = () => h("button", { class: "wx-chip", type: "button" });

  const nameOf = (warning) => {
    const exercise = warning.is_actual ? "" : ` ${t("warnings.exercise")}`;
    return onescreen.language === "en" ? `${weather.hazard(warning)} ${weather.level(warning.level)}${exercise}` : `${weather.hazard(warning)}${weather.level(warning.level)}${exercise}`;
  };

  /** The worst actual one is what everybody sees: choosing it is choosing nothing. */
  function showChips({ chips, exports }, { warning, warnings }) {
    const standard = warnings.find((one) => one.is_actual)?.id;
    rows(chips, warnings.slice(0, 6), ({ id }) => id, makeChip, (chip, one) => {
      set(chip, { "data-warning": one.id, "data-default": one.id === standard, "data-level": one.level, "aria-pressed": String(one.id === warning?.id) });
      say(chip, onescreen.language === "en" ? `${weather.hazard(one)} ${weather.numeral(one.level)}` : nameOf(one));
      set(chip, { title: nameOf(one) });
    });
    set(exports, { hidden: !warning });
    FORMATS.forEach((format, i) => set(exports.children[i + 1], { href: warning ? `/api/v1/exposure.${format}?warning=${encodeURIComponent(warning.id)}` : null }));
  }

  function restOf(streets) {
    const sum = (name) => streets.reduce((total, row) => total + row[name], 0);
    const sums = Object.fromEntries(["wet", "unknown", "underpass", ...COUNTS].map((name) => [name, sum(name)]));
    return { isRest: true, code: "", name: t("weather.exposure.more", { n: streets.length }), gauges: [], ...sums };
  }

  function showTotal(total, { total: sums, water, limits }) {
    fillRow(total, { row: { isRest: true, name: t("weather.exposure.total"), code: "", gauges: [], unknown: water?.unknown ?? 0, ...sums }, limits });
    const place = total.lastChild;
    const parts = water ? ["closed", "alert", "unknown", "normal"].map((name) => t(`weather.exposure.sum.${name}`, { n: water[name] })) : [];
    tools.sayParts(place, parts);
    set(place, { title: parts.join(" · ") || null });
  }

  onescreen.definePanel("weather-exposure", (body, values, _, section) => {
    const parts = once(body, build);
    const limits = values.limits ?? {};
    const all = values.rows ?? [];
    showChips(parts, { warning: values.warning, warnings: values.warnings ?? [] });
    say(section.querySelector(".panel-subject"), values.warning ? `${nameOf(values.warning)} · ${t("exposure.streets", { n: count(all.length) })}` : "");
    const why = !values.warning ? "weather.exposure.none" : all.length ? "" : "weather.exposure.nowhere";
    say(parts.none, why && values.rows ? t(why) : "");
    set(parts.none, { hidden: !why });
    for (const part of [parts.head, parts.list, parts.total]) set(part, { hidden: !all.length });
    if (!all.length) return;
    say(parts.closed, isUnknown(limits.closed) ? "" : t("weather.exposure.closed_limit", { limit: measured(limits.closed) }));
    say(parts.alert, isUnknown(limits.alert) ? "" : t("weather.exposure.alert_limit", { limit: measured(limits.alert) }));
    const room = fitting(parts.list, ROW_REM);
    const shown = all.length > room ? [...all.slice(0, room - 1), restOf(all.slice(room - 1))] : all;
    rows(parts.list, shown.map((row) => ({ row, limits })), ({ row }) => row.code, makeRow, fillRow);
    showTotal(parts.total, values);
  });

  onescreen.choice?.call("warning", (id) => {
    const known = onescreen.heldPanel("weather-exposure")?.values?.warnings?.find((one) => one.id === id);
    return known ? nameOf(known) : t("choice.warning");
  });
})();
