// One kind looked at closely: how its last values are spread against its limits, what is usual by hour of day, and every
// sensor. History is asked for by itself, because it hardly changes.
(() => {
  "use strict";
  const { h, svg, set, say, once, rows, fitting, count, measured, isUnknown, since, t } = onescreen.tools;
  const { iot } = onescreen;
  const ROW_REM = 1.9;
  const HOURS = 24;
  const AGAIN_MS = 600_000;
  const RETRY_MS = 30_000;

  // Distribution

  function histogramParts() {
    return h("div", { class: "iot-histogram", role: "img" }, h("div", { class: "iot-bars" }), h("div", { class: "iot-marks" }), h("div", { class: "iot-axis" }));
  }

  const isCrossed = ([, limit, above], value) => (above ? value >= limit : value <= limit);

  function showHistogram(box, { histogram, limits, unit, quantiles, kind }) {
    const [bars, marks, axis] = box.children;
    const bins = histogram?.counts ?? [];
    const most = Math.max(1, ...bins);
    const { from = 0, step = 1 } = histogram ?? {};
    const to = from + step * bins.length;
    const share = (value) => `${((value - from) / (to - from)) * 100}%`;
    const worstFirst = [...(limits ?? [])].sort((a, b) => a[0] - b[0]);
    rows(bars, bins.map((n, i) => ({ n, i })), ({ i }) => i, () => h("i"), (bar, { n, i }) => {
      const crossed = worstFirst.find((limit) => isCrossed(limit, from + step * (i + 0.5)));
      bar.style.height = `${(n / most) * 100}%`;
      set(bar, { "data-level": crossed ? crossed[0] : null, "data-some": n > 0, title: `${measured(from + step * i)}–${measured(from + step * (i + 1))} ${unit}: ${count(n)}` });
    });
    const near = worstFirst.filter(([, limit]) => bins.length && limit >= from && limit <= to);
    rows(marks, near, ([level]) => level, () => h("i", null, h("span")), (mark, [level, limit]) => {
      mark.style.left = share(limit);
      set(mark, { "data-level": level });
      say(mark.firstChild, measured(limit));
    });
    const ends = bins.length ? [from, (from + to) / 2, to].map((value) => measured(Number(value.toPrecision(3)))) : [];
    // The few beyond the outermost bins are counted in them: the axis says so.
    const [first, middle, last] = ends;
    const told = ends.length ? [histogram.below ? `≤ ${first}` : first, middle, histogram.above ? `≥ ${last}` : last] : [];
    rows(axis, told.map((text, place) => ({ text, place })), ({ place }) => place, () => h("span"), (label, { text }) => say(label, text));
    const [min, , median, , max] = (quantiles ?? []).map((value) => measured(value, unit));
    set(box, { "aria-label": quantiles ? t("iot.histogram", { kind: iot.kindName(kind), min, median, max }) : t("iot.no_values") });
  }

  function spreadText({ quantiles, unit, read, sensors, is_sample: isSample }) {
    if (!quantiles) return t("iot.no_values");
    const [min, , median, p90, max] = quantiles.map((value) => measured(value));
    const of = t(isSample ? "iot.spread_sample" : "iot.spread_of", { read: count(read), sensors: count(sensors) });
    return `${t("iot.quantiles", { min, median, p90, max })} ${unit} · ${of}`;
  }

  // What is usual

  const line = (name) => svg("path", { class: name, "vector-effect": "non-scaling-stroke" });

  function profileParts() {
    const chart = svg("svg", { class: "iot-profile", viewBox: `0 0 ${HOURS} 100`, preserveAspectRatio: "none", role: "img" });
    chart.append(line("iot-profile-band"), line("iot-profile-median"), line("iot-profile-today"));
    const axis = h("div", { class: "iot-axis" }, ...[0, 6, 12, 18, 24].map((hour) => h("span", null, String(hour))));
    return h("div", { class: "iot-profile-box" }, chart, h("span", { class: "iot-profile-high" }), h("span", { class: "iot-profile-low" }), axis);
  }

  const path = (values, x, y) => {
    let isOpen = false;
    return values
      .map((value, hour) => {
        if (isUnknown(value)) return (isOpen = false) || "";
        const step = `${isOpen ? "L" : "M"}${x(hour)} ${y(value).toFixed(1)}`;
        isOpen = true;
        return step;
      })
      .join("");
  };

  function band({ low, high }, x, y) {
    const known = low.map((value, hour) => (isUnknown(value) ? null : hour)).filter((hour) => hour !== null);
    if (known.length < 2) return "";
    const there = known.map((hour) => `${x(hour)} ${y(high[hour]).toFixed(1)}`);
    const back = [...known].reverse().map((hour) => `${x(hour)} ${y(low[hour]).toFixed(1)}`);
    return `M${there.join("L")}L${back.join("L")}Z`;
  }

  function showProfile(box, profile, kind, unit) {
    const [chart, most, least] = box.children;
    const all = profile ? [...profile.low, ...profile.high, ...profile.today, ...profile.median].filter((value) => !isUnknown(value)) : [];
    set(box, { hidden: !all.length });
    if (!all.length) return;
    const low = Math.min(...all);
    const high = Math.max(...all);
    const y = (value) => 96 - ((value - low) / (high - low || 1)) * 92;
    const x = (hour) => hour + 0.5;
    set(chart.children[0], { d: band(profile, x, y) });
    set(chart.children[1], { d: path(profile.median, x, y) });
    set(chart.children[2], { d: path(profile.today, x, y) });
    set(chart, { "aria-label": t("iot.profile_aria", { kind: iot.kindName(kind) }) });
    say(most, measured(high, unit));
    say(least, measured(low, unit));
  }

  function profileText({ asked, profile, isFailed }) {
    if (isFailed) return t("iot.profile_failed");
    if (!profile) return asked ? "" : t("iot.profile_none");
    if (!profile.hours) return t("iot.profile_none");
    const sensors = profile.sensors < profile.of ? `${count(profile.sensors)}/${count(profile.of)}` : count(profile.of);
    const { days, hours } = profile;
    return hours < 2 * HOURS ? t("iot.profile_short", { hours: count(hours), sensors }) : t("iot.profile_of", { days: count(days), sensors });
  }

  /** Asks for the history of a kind, once per ten minutes; what comes for another kind than the shown one is dropped. */
  async function ask(parts, kind, street) {
    const key = `${kind}/${street}`;
    const { history } = parts;
    const isSame = history.asked === key;
    if (!kind || (isSame && performance.now() < history.dueAt)) return;
    history.dueAt = performance.now() + AGAIN_MS;
    if (!isSame) Object.assign(history, { asked: key, profile: null, isFailed: false });
    try {
      const reply = await fetch(`/api/iot/profile?${new URLSearchParams({ kind, street })}`);
      if (!reply.ok) throw new Error(`profile: ${reply.status}`);
      const profile = await reply.json();
      if (history.asked === key) Object.assign(history, { profile, isFailed: false });
    } catch {
      if (history.asked === key) Object.assign(history, { isFailed: !history.profile, dueAt: performance.now() + RETRY_MS });
    }
    if (history.asked === key) drawHistory(parts);
  }

  function drawHistory(parts) {
    const { history, profileBox, profileNote, shown } = parts;
    showProfile(profileBox, history.profile, shown.kind, shown.unit);
    say(profileNote, profileText(history));
  }

  // The list

  const HEADS = ["iot.name", "iot.value", "iot.age", "iot.changed"];

  // A list of links, not a table: a link can be no row.
  const makeRow = () =>
    h("a", { class: "iot-sensor" }, h("span", null, h("i", { class: "iot-shape", "aria-hidden": "true" }), h("span")), h("b"), h("span"), h("span"));

  function fillRow(row, sensor) {
    const [name, value, age, changed] = row.children;
    const { state, level } = sensor;
    const address = iot.address(sensor);
    const place = iot.shortStreet(iot.streetName(sensor.street));
    set(row, { href: address, "data-open": address, title: `${sensor.name} · ${place} · ${t(`iot.${state}`)}`, "data-state": state, "data-level": level || null });
    set(name.firstChild, { "data-standing": state });
    say(name.firstChild, state === "alarm" ? "▲" : state === "unknown" ? "?" : "");
    say(name.lastChild, sensor.name);
    say(value, measured(sensor.value, sensor.unit));
    since(age, "age", sensor.at);
    since(changed, "age", sensor.changed_at);
  }

  function build(body) {
    const counts = h("p", { class: "iot-counts" });
    const histogram = histogramParts();
    const spread = h("p", { class: "iot-spread" });
    const profileNote = h("span");
    const keys = h("span", { class: "iot-keys" }, ...["band", "median", "today"].map((name) => h("span", { "data-line": name }, t(`iot.profile_${name}`))));
    const profileHead = h("p", { class: "iot-part" }, h("b", null, t("iot.profile")), profileNote, keys);
    const profileBox = profileParts();
    const head = h("div", { class: "iot-sensor iot-sensor-head" }, ...HEADS.map((key) => h("span", null, t(key))));
    const list = h("div", { class: "iot-sensors" });
    const more = h("p", { class: "more" });
    const charts = h("div", { class: "iot-charts" }, h("p", { class: "iot-part" }, h("b", null, t("iot.spread")), counts), histogram, spread, profileHead, profileBox);
    const table = h("div", { class: "iot-table", role: "group", "aria-label": t("panel.iot-explorer") }, head, list, more);
    body.append(charts, table);
    for (const [i, standing] of iot.standings.entries()) if (i) counts.append(iot.sign(standing));
    return { counts, histogram, spread, profileNote, profileBox, list, table, more, history: { asked: "", profile: null, dueAt: 0 }, shown: {} };
  }

  onescreen.definePanel("iot-explorer", (body, values, _, section) => {
    const parts = once(body, build);
    parts.shown = values;
    const subject = section.querySelector(".panel-subject");
    say(subject, values.kind ? [iot.kindName(values.kind), values.street && iot.streetName(values.street)].filter(Boolean).join(" · ") : "");
    say(section.querySelector(".panel-note"), values.is_chosen || !values.kind ? "" : t("iot.most_trouble"));
    [...parts.counts.children].forEach((sign, i) => iot.showSign(sign, values.counts?.[i + 1] ?? 0, i === 0 ? 2 : 0));
    showHistogram(parts.histogram, values);
    say(parts.spread, spreadText(values));
    drawHistory(parts);
    ask(parts, values.kind ?? "", values.street ?? "");
    const all = values.rows ?? [];
    const shown = all.slice(0, fitting(parts.list, ROW_REM, values.total ?? all.length));
    rows(parts.list, shown, ({ id }) => id, makeRow, fillRow);
    const rest = (values.total ?? 0) - shown.length;
    say(parts.more, rest > 0 ? t("iot.more", { n: count(rest) }) : "");
  });
})();
