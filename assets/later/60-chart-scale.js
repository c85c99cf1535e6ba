// Scales of a chart of readings: ticks people expect, where nothing is known, which limits are near enough to be seen.
(() => {
  "use strict";
  const onescreen = (window.onescreen = window.onescreen ?? {});
  const MINUTE = 60000;
  const HOUR = 60 * MINUTE;
  const DAY = 24 * HOUR;
  const STEPS = [10 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 2 * DAY, 5 * DAY, 10 * DAY, 30 * DAY, 61 * DAY];
  const SILENT_INTERVALS = 3;

  /** Spans of time a chart can show, by their name in the address. */
  onescreen.chartRanges = { "3h": 3 * HOUR, "24h": DAY, "7d": 7 * DAY, "30d": 30 * DAY, "1y": 365 * DAY };

  /** Milliseconds that local time is ahead of UTC at a moment. */
  function offsetOf(ms, zone) {
    const local = new Date(ms).toLocaleString("sv-SE", { timeZone: zone });
    return Date.parse(`${local.replace(" ", "T")}Z`) - Math.floor(ms / 1000) * 1000;
  }

  /** Round local times between two moments, at most so many. */
  onescreen.timeTicks = (since, until, most, zone) => {
    const step = STEPS.find((size) => (until - since) / size <= most) ?? STEPS.at(-1);
    const offset = offsetOf(until, zone);
    const ticks = [];
    for (let ms = Math.ceil((since + offset) / step) * step - offset; ms <= until; ms += step) ticks.push(ms);
    return { ticks, step };
  };

  /** Round numbers between two values, about so many. */
  onescreen.valueTicks = (low, high, about) => {
    const raw = (high - low) / Math.max(1, about);
    const size = 10 ** Math.floor(Math.log10(raw || 1));
    const step = [1, 2, 2.5, 5, 10].map((factor) => factor * size).find((each) => each >= raw) ?? size;
    const ticks = [];
    for (let value = Math.ceil(low / step) * step; value <= high + step * 1e-6; value += step) ticks.push(Number(value.toPrecision(12)));
    return ticks;
  };

  /** `[from, to]` of every stretch without readings that is longer than silence should be; the last one ends now. */
  onescreen.silences = (points, { since, until, interval_s: interval, step_s: step }) => {
    const longest = Math.max(SILENT_INTERVALS * interval, 2.5 * step) * 1000;
    const times = points.map(([at]) => at);
    const edges = [since, ...times, until];
    const found = [];
    for (let i = 1; i < edges.length; i += 1) if (edges[i] - edges[i - 1] > longest) found.push([edges[i - 1], edges[i]]);
    return found;
  };

  /** Lowest and highest value to show, and the limits that are in it. */
  onescreen.valueRange = (points, limits) => {
    const low = Math.min(...points.map(([, least]) => least));
    const high = Math.max(...points.map(([, , most]) => most));
    const reach = Math.max(high - low, Math.abs(high) * 0.25, 1e-9);
    const near = limits.filter(({ limit }) => limit >= low - reach && limit <= high + reach);
    const bottom = Math.min(low, ...near.map(({ limit }) => limit));
    const top = Math.max(high, ...near.map(({ limit }) => limit));
    const margin = (top - bottom || reach) * 0.12;
    return { low, high, near, bottom: low >= 0 && bottom - margin < 0 ? 0 : bottom - margin, top: top + margin };
  };
})();
