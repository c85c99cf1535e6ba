// Charts by plotly: data goes into the traces Dash has drawn; never more than once a second, and never a new figure.
(() => {
  "use strict";
  const onescreen = (window.onescreen = window.onescreen ?? {});
  const tools = onescreen.tools;
  const RETRY_MS = 100;
  const LEAST_MS = 1000;
  const DESIGN_REM = 16;
  const sizesOf = new WeakMap();
  const pending = new Map(); // section → {traces, layout}
  const drawnAt = new WeakMap();
  let timer = 0;

  const rem = () => parseFloat(getComputedStyle(document.documentElement).fontSize);
  const plotOf = (section) => section.querySelector(".js-plotly-plot");

  /** Fills the traces of a section's chart: `traces` are {x, y, …} by position, `layout` what changes of it. */
  tools.chart = (section, traces, layout) => {
    pending.set(section, { traces, layout });
    flush();
  };

  function flush() {
    clearTimeout(timer);
    timer = 0;
    let wait = Infinity;
    for (const [section, { traces, layout }] of pending) {
      const plot = plotOf(section);
      const due = (drawnAt.get(section) ?? -Infinity) + LEAST_MS - performance.now();
      // Plotly and the graph are loaded after the page: until then the newest data waits.
      if (!window.Plotly || !plot?._fullLayout) wait = Math.min(wait, RETRY_MS);
      else if (due > 0) wait = Math.min(wait, due);
      else {
        pending.delete(section);
        drawnAt.set(section, performance.now());
        show(plot, traces, layout);
      }
    }
    if (wait < Infinity) timer = setTimeout(flush, wait);
  }

  function show(plot, traces, layout) {
    const columns = {};
    for (const name of new Set(traces.flatMap(Object.keys))) columns[name] = traces.map((trace) => trace[name]);
    const size = rem();
    const scale = size / DESIGN_REM;
    for (const [name, sizes] of Object.entries(designed(plot))) columns[name] = sizes.map((px) => px && px * scale);
    for (const [name, inks] of Object.entries(inksOf(plot))) columns[name] = inks;
    const sides = { "margin.l": size * 0.9, "margin.r": size, "margin.t": size * 0.25, "margin.b": size * 1.25 };
    window.Plotly.update(plot, columns, { "font.size": size * 0.78, ...themed(), ...sides, ...layout }, traces.map((_, index) => index));
  }

  // The figures are designed for the dark wall; a light page shows each of its inks as the same role's.
  const ROLES = { "#f3f7ff": "--text-1", "#c3d3ea": "--text-2", "#dbe5f4": "--text-2", "#a9bbd6": "--text-3", "#8398b8": "--text-4" };
  const isLight = document.documentElement.dataset.theme === "light";
  const roleOf = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const inkOf = (colour) => (colour in ROLES ? roleOf(ROLES[colour]) : colour);
  const themed = () => {
    if (!isLight) return {};
    const hover = { "hoverlabel.bgcolor": roleOf("--surface-2"), "hoverlabel.bordercolor": roleOf("--line-strong") };
    return { "font.color": roleOf("--text-4"), ...hover };
  };
  const inksOf = (plot) =>
    isLight
      ? {
          "line.color": plot.data.map((trace) => inkOf(trace.line?.color)),
          "marker.color": plot.data.map((trace) => inkOf(trace.marker?.color)),
          "textfont.color": plot.data.map((trace) => inkOf(trace.textfont?.color)),
        }
      : {};

  /** Sizes of lines, points and texts as the figure was designed, in pixels at 16 px per rem. */
  function designed(plot) {
    if (!sizesOf.has(plot)) {
      const { data } = plot;
      sizesOf.set(plot, {
        "line.width": data.map((trace) => trace.line?.width),
        "marker.size": data.map((trace) => trace.marker?.size),
        "textfont.size": data.map((trace) => trace.textfont?.size),
      });
    }
    return sizesOf.get(plot);
  }
})();
