// The next 72 hours on one axis: rain in columns, wind with its band and gusts, tide with its turns; limits are dashed.
(() => {
  "use strict";
  const { h, svg, say, set, once, decimal, named, clock, minuteOf, isUnknown, t, UNKNOWN } = onescreen.tools;
  const weather = onescreen.weather;
  const HOUR_MS = 3600 * 1000;
  const AHEAD_MS = 72 * HOUR_MS;
  const BIN_H = 3;
  const LANES = [["rain", 0.36], ["wind", 0.3], ["tide", 0.34]];
  const TICK_H = 6;
  const LEAST_REM = 12;
  const LEAST_MM = 0.05; // less is no column
  const hourOf = (ms) => Number(minuteOf(ms).slice(0, 2));

  function build(body) {
    const paper = svg("svg", { class: "wx-forecast", role: "img" });
    const none = h("p", { class: "none" }, t("weather.forecast.none"));
    body.append(none, h("div", { class: "wx-chart" }, paper));
    return { paper, none };
  }

  const label = (chart, x, y, text, name, attributes) => weather.text(x, y, text, name, attributes);

  /** Time to x, and where each lane lies. */
  function frameOf(paper, from) {
    const size = weather.fitChart(paper, LEAST_REM);
    if (!size) return null;
    const { width, height, rem } = size;
    const [left, right] = [3.6 * rem, width - 0.3 * rem];
    const [top, foot] = [2.6 * rem, height - 1.4 * rem];
    let y = top;
    const lanes = Object.fromEntries(LANES.map(([key, share]) => {
      const lane = { top: y, bottom: (y += share * (foot - top)) };
      return [key, { ...lane, bottom: lane.bottom - 0.3 * rem }];
    }));
    const at = (ms) => left + ((ms - from) / AHEAD_MS) * (right - left);
    return { width, height, rem, left, right, top, foot, lanes, from, at, until: from + AHEAD_MS };
  }

  const scale = ({ top, bottom }, low, high, air) => (value) => bottom - ((value - low) / (high - low || 1)) * (bottom - top - air);

  // The axis: midnights with the day, hours, and how much rain each day brings

  function axis(chart, days) {
    const { at, from, until, rem, foot, width } = chart;
    const parts = [];
    for (let ms = Math.ceil(from / HOUR_MS) * HOUR_MS; ms <= until; ms += HOUR_MS) {
      const hour = hourOf(ms);
      if (hour % TICK_H) continue;
      const x = at(ms);
      parts.push(weather.path(`M${x} ${hour ? chart.top : 0.4 * rem}V${foot}`, hour ? "wx-gridline" : "wx-midnight"));
      if (x + 0.9 * rem < width && x > chart.left + 1.6 * rem) parts.push(label(chart, x, foot + 1.1 * rem, String(hour), "wx-tick", { "text-anchor": "middle" }));
      if (!hour && x + 5 * rem < width) parts.push(label(chart, x + 0.3 * rem, 0.9 * rem, dayOf(ms), "wx-day"));
    }
    if (at(Math.ceil(from / HOUR_MS) * HOUR_MS + ((24 - hourOf(from)) % 24) * HOUR_MS) - chart.left > 6 * rem) parts.push(label(chart, chart.left, 0.9 * rem, dayOf(from), "wx-day"));
    parts.push(label(chart, 0, foot + 1.1 * rem, t("weather.forecast.hour"), "wx-tick"));
    parts.push(label(chart, chart.left, foot + 1.1 * rem, String(hourOf(from)), "wx-now-text", { "text-anchor": "middle" }));
    days.forEach((day, i) => parts.push(...dayBracket(chart, day, i)));
    return parts;
  }

  const dayOf = (ms) => onescreen.tools.dayOf(ms).slice(5);

  function dayBracket(chart, [mm, hours], index) {
    const { at, from, rem } = chart;
    const [x, to] = [at(from + index * 24 * HOUR_MS) + 0.15 * rem, at(from + (index + 1) * 24 * HOUR_MS) - 0.15 * rem];
    const y = 1.85 * rem;
    const key = hours < 24 ? "weather.forecast.day_partly" : "weather.forecast.day";
    const text = t(key, { from: index * 24, to: (index + 1) * 24, mm: isUnknown(mm) ? UNKNOWN : decimal(mm), n: hours });
    const middle = (x + to) / 2;
    const half = weather.width(text, 0.875 * rem) / 2 + 0.2 * rem;
    const parts = [label(chart, middle, y + 0.3 * rem, text, "wx-sum", { "text-anchor": "middle" })];
    if (middle - half > x) parts.push(weather.path(`M${x} ${y + 0.4 * rem}V${y}H${middle - half}M${middle + half} ${y}H${to}V${y + 0.4 * rem}`, "wx-bracket"));
    return parts;
  }

  function title(chart, lane, key, unit) {
    const { rem } = chart;
    const y = lane.top + 0.5 * (lane.bottom - lane.top);
    return [label(chart, 0, y, t(`weather.forecast.${key}`), "wx-lane"), label(chart, 0, y + 1.15 * rem, unit, "wx-tick"), weather.path(`M0 ${lane.bottom + 0.15 * rem}H${chart.right}`, "wx-base")];
  }

  function limitLine(chart, y, text) {
    const { left, right, rem } = chart;
    return [weather.path(`M${left} ${y}H${right}`, "wx-limit"), label(chart, right, y - 0.3 * rem, text, "wx-limit-text", { "text-anchor": "end" })];
  }

  // Rain: columns of three hours that begin at full threes of the local clock, with what is likely around them

  function binsOf(steps, from) {
    const bins = new Map();
    for (const [at, mm, low, high] of steps) {
      if (at + HOUR_MS <= from) continue;
      const start = at - (hourOf(at) % BIN_H) * HOUR_MS;
      const bin = bins.get(start) ?? { start, mm: 0, low: 0, high: 0, most: 0, isKnown: true };
      if (isUnknown(mm)) bin.isKnown = false;
      bin.mm += mm ?? 0;
      bin.low += low ?? mm ?? 0;
      bin.high += high ?? mm ?? 0;
      bin.most = Math.max(bin.most, mm ?? 0);
      bins.set(start, bin);
    }
    return [...bins.values()];
  }

  function rain(chart, steps, limit) {
    const { at, rem, left, right } = chart;
    const lane = chart.lanes.rain;
    const bins = binsOf(steps, chart.from);
    const most = Math.max(6, ...bins.map((bin) => bin.high));
    const y = scale(lane, 0, most, 1.3 * rem);
    const parts = title(chart, lane, "rain", t("weather.forecast.rain_unit"));
    for (const bin of bins) {
      const [x, to] = [Math.max(left, at(bin.start)) + 1, Math.min(right, at(bin.start + BIN_H * HOUR_MS)) - 1];
      if (to - x < 2 || (bin.isKnown && bin.mm < LEAST_MM)) continue;
      const isOver = !isUnknown(limit) && bin.most >= limit;
      const known = { "data-over": isOver || null, "data-unknown": bin.isKnown ? null : true };
      for (const name of Object.keys(known)) if (known[name] === null) delete known[name];
      parts.push(svg("rect", { x, y: y(bin.mm), width: to - x, height: lane.bottom - y(bin.mm), class: "wx-rain", ...known }));
      const middle = (x + to) / 2;
      parts.push(weather.path(`M${middle} ${y(bin.high)}V${y(bin.low)}`, "wx-whisker"));
      const text = bin.mm >= 9.95 ? bin.mm.toFixed(0) : decimal(bin.mm);
      if (bin.mm >= 0.45) parts.push(label(chart, middle, y(bin.high) - 0.25 * rem, text, "wx-column", { "text-anchor": "middle" }));
    }
    return parts;
  }

  // Wind: the mean with its band, gusts dotted

  const line = (points) => points.map(([x, y], i) => `${i ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`).join("");

  function wind(chart, steps, limit) {
    const { at, rem } = chart;
    const lane = chart.lanes.wind;
    const shown = steps.filter(([ms, , , , mean]) => ms >= chart.from && !isUnknown(mean));
    const parts = title(chart, lane, "wind", "m/s");
    if (!shown.length) return parts;
    const most = Math.max(limit ?? 0, ...shown.flatMap(([, , , , mean, , high, gust]) => [mean, high ?? 0, gust ?? 0]));
    const y = scale(lane, 0, most, 1.2 * rem);
    const banded = shown.filter(([, , , , , low, high]) => !isUnknown(low) && !isUnknown(high));
    const upper = banded.map(([ms, , , , , , high]) => [at(ms), y(high)]);
    const lower = banded.map(([ms, , , , , low]) => [at(ms), y(low)]).reverse();
    if (banded.length) parts.push(weather.path(`${line([...upper, ...lower])}Z`, "wx-band"));
    const gusts = shown.filter((step) => !isUnknown(step[7]));
    if (gusts.length) parts.push(weather.path(line(gusts.map((step) => [at(step[0]), y(step[7])])), "wx-gusts"));
    parts.push(weather.path(line(shown.map((step) => [at(step[0]), y(step[4])])), "wx-line"));
    if (!isUnknown(limit)) parts.push(...limitLine(chart, y(limit), t("weather.forecast.gusts", { limit: decimal(limit) })));
    parts.push(...peak(chart, gusts, (step) => [at(step[0]), y(step[7])], (step) => t("weather.map.gust", { gust: decimal(step[7]) }), 7));
    parts.push(bandName(chart, lane, shown));
    return parts;
  }

  /** What line and band mean, where the wind leaves most room above itself. */
  function bandName({ at, left, right, rem }, lane, shown) {
    const text = t("weather.forecast.band");
    const wide = weather.width(text, 0.8125 * rem);
    const highest = (x) => Math.max(0, ...shown.filter(([ms]) => at(ms) > x - rem && at(ms) < x + wide + rem).map((step) => Math.max(step[4], step[6] ?? 0, step[7] ?? 0)));
    const places = Array.from({ length: 12 }, (_, i) => left + 0.6 * rem + (i / 12) * (right - left - wide - 5 * rem));
    const best = places.reduce((found, x) => (highest(x) < highest(found) ? x : found));
    return weather.text(best, lane.top + 0.95 * rem, text, "wx-tick");
  }

  function peak(chart, steps, where, say_, index) {
    const top = steps.reduce((best, step) => (!best || step[index] > best[index] ? step : best), null);
    if (!top) return [];
    const [x, y] = where(top);
    const text = say_(top);
    const isLate = x + weather.width(text, 0.9375 * chart.rem) + 0.6 * chart.rem > chart.right;
    return [
      svg("circle", { cx: x, cy: y, r: 0.22 * chart.rem, class: "wx-dot" }),
      label(chart, x + (isLate ? -0.5 : 0.5) * chart.rem, y - 0.25 * chart.rem, text, "wx-peak", { "text-anchor": isLate ? "end" : "start" }),
    ];
  }

  // Tide: the table's curve, high water named

  function tide(chart, given, limit) {
    const { at, rem } = chart;
    const lane = chart.lanes.tide;
    const parts = title(chart, lane, "tide", "m");
    if (!given?.steps.length) return [...parts, label(chart, chart.left + rem, (lane.top + lane.bottom) / 2, t("weather.forecast.no_tide"), "wx-tick")];
    const points = given.steps.map(([ms, height]) => [ms, height]).concat(given.turns.map(([ms, height]) => [ms, height])).sort((a, b) => a[0] - b[0]);
    const heights = points.map(([, height]) => height);
    const y = scale(lane, Math.min(...heights) - 0.2, Math.max(limit ?? 0, ...heights), 1.2 * rem);
    const drawn = points.filter(([ms]) => ms >= chart.from);
    parts.push(weather.path(line(drawn.map(([ms, height]) => [at(ms), y(height)])), "wx-tide"));
    if (!isUnknown(limit)) parts.push(...limitLine(chart, y(limit), t("weather.forecast.tide_limit", { limit: limit.toFixed(2) })));
    const highs = given.turns.filter(([ms, , isHigh]) => isHigh && ms >= chart.from);
    const highest = Math.max(...highs.map(([, height]) => height));
    for (const [ms, height] of highs) {
      const x = Math.min(Math.max(at(ms), chart.left + 1.4 * rem), chart.right - 1.4 * rem);
      parts.push(svg("circle", { cx: at(ms), cy: y(height), r: 0.2 * rem, class: "wx-tide-dot" }));
      const isHighest = height === highest;
      parts.push(label(chart, x, y(height) + (isHighest ? 1.45 : 1.3) * rem, height.toFixed(2), isHighest ? "wx-peak" : "wx-tide-text", { "text-anchor": "middle" }));
      if (isHighest) parts.push(label(chart, x, y(height) + 2.5 * rem, t("weather.forecast.high", { at: minuteOf(ms) }), "wx-tick", { "text-anchor": "middle" }));
    }
    return parts;
  }

  function draw(paper, values) {
    const from = Math.floor(onescreen.tools.now() / HOUR_MS) * HOUR_MS;
    const chart = frameOf(paper, from);
    if (!chart) return;
    const limits = values.limits ?? {};
    const now = chart.at(onescreen.tools.now());
    paper.replaceChildren(
      ...axis(chart, values.days ?? []),
      ...rain(chart, values.steps, limits.rain),
      ...wind(chart, values.steps, limits.gust),
      ...tide(chart, values.tide, limits.tide),
      weather.path(`M${now} ${chart.top - 0.4 * chart.rem}V${chart.foot}`, "wx-now"),
    );
    const most = (index) => Math.max(0, ...values.steps.map((step) => step[index] ?? 0));
    set(paper, {
      "aria-label": t("weather.forecast.aria", {
        mm: decimal(sumOf(values)), wind: decimal(most(4)), tide: values.tide ? decimal(Math.max(...values.tide.steps.map(([, m]) => m))) : UNKNOWN,
      }),
    });
  }

  const sumOf = ({ days }) => (days?.some(([mm]) => !isUnknown(mm)) ? days.reduce((sum, [mm]) => sum + (mm ?? 0), 0) : null);

  onescreen.definePanel("weather-forecast", (body, values, _, section) => {
    const { paper, none } = once(body, build);
    const steps = values.steps ?? [];
    const isEmpty = !steps.length && !values.tide;
    set(none, { hidden: !isEmpty || !values.steps });
    set(paper, { hidden: isEmpty });
    const sum = sumOf(values);
    say(section.querySelector(".panel-subject"), isUnknown(sum) ? "" : t("weather.forecast.sum", { mm: decimal(sum) }));
    const issued = isUnknown(values.issued_at) ? "" : t("weather.forecast.issued", { name: named(values.name, values.name_en), at: clock(values.issued_at) });
    say(section.querySelector(".panel-note"), [issued, values.tide ? named(values.tide.name, values.tide.name_en) : ""].filter(Boolean).join(" · "));
    if (!isEmpty) draw(paper, { ...values, steps });
  });
})();
