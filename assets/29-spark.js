// Small lines of last hours: readings with gaps cut, limits dashed, where it leads dotted. No axis, no library.
(() => {
  "use strict";
  const onescreen = (window.onescreen = window.onescreen ?? {});
  const tools = onescreen.tools;
  const { svg, set } = tools;
  const WIDTH = 100;
  const HEIGHT = 40;
  const EDGE = 3; // kept free above and below, so that no line is cut in half
  const GAP_STEPS = 4; // so many usual steps without a reading are a gap
  const line = (name) => svg("path", { class: name, "vector-effect": "non-scaling-stroke" });

  /** An empty line; it fills the box it lies in. */
  tools.spark = () => {
    const chart = svg("svg", { class: "spark", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", "aria-hidden": "true" });
    chart.append(svg("g"), line("spark-ahead"), line("spark-line"), line("spark-now"));
    return chart;
  };

  /** The limits that matter: those crossed and the next one; others would only press the line flat. */
  tools.limitsThatMatter = (limits, value) => {
    const mildFirst = [...(limits ?? [])].sort((a, b) => b[0] - a[0]);
    const isCrossed = ([, limit, above]) => (above ? value >= limit : value <= limit);
    const next = mildFirst.findIndex((limit) => !isCrossed(limit));
    return next < 0 ? mildFirst : mildFirst.slice(0, next + 1);
  };

  function usualStep(points) {
    const steps = points.slice(1).map(([ms], i) => ms - points[i][0]).filter((ms) => ms > 0).sort((a, b) => a - b);
    return steps.length ? steps[Math.floor(steps.length / 2)] : Infinity;
  }

  /** `points` [[ms, value]], `limits` [[level, limit, above]], `ahead` [ms, value]|null, `from`/`to` in ms. */
  tools.showSpark = (chart, { points, limits = [], ahead = null, from, to }) => {
    const [grid, future, past, now] = chart.children;
    const shown = points.filter(([ms]) => ms >= from);
    const last = shown.at(-1);
    const told = last ? tools.limitsThatMatter(limits, last[1]) : [];
    const values = [...shown.map(([, value]) => value), ...told.map(([, limit]) => limit)];
    const low = Math.min(...values);
    const high = Math.max(...values);
    const span = high - low || Math.abs(high) || 1;
    const x = (ms) => (((ms - from) / (to - from)) * WIDTH).toFixed(2);
    const y = (value) => (HEIGHT - EDGE - (Math.min(Math.max((value - low) / span, 0), 1)) * (HEIGHT - 2 * EDGE)).toFixed(2);
    const longest = GAP_STEPS * usualStep(shown);
    const step = ([ms, value], i) => `${i && ms - shown[i - 1][0] <= longest ? "L" : "M"}${x(ms)} ${y(value)}`;
    set(past, { d: shown.map(step).join("") });
    set(now, { d: last ? `M${x(last[0])} ${y(last[1])}h0` : "" });
    set(future, { d: last && ahead ? `M${x(last[0])} ${y(last[1])}L${x(ahead[0])} ${y(ahead[1])}` : "" });
    tools.rows(grid, told, ([level]) => level, () => line("spark-limit"), (path, [level, limit]) =>
      set(path, { d: `M0 ${y(limit)}H${WIDTH}`, "data-level": level }));
  };
})();
