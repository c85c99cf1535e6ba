// What must be on the screen before our wall counts as open.
(() => {
  "use strict";
  const NUMBERS = ["cases_today", "cases_open", "cases_overdue", "cameras_online", "sensors_online", "alarms_active", "warnings_active"];
  const THINNED = 10000; // signs on the map when a district is too large to show every mark

  const hasNumbers = () => NUMBERS.every((name) => document.querySelector(`[data-kpi="${name}"]`).dataset.value !== "");
  const hasRows = (key, row) => document.querySelector(`[data-panel="${key}"] ${row}`) !== null;

  function hasMarks() {
    const { marks } = onescreen.map.parts();
    const shown = onescreen.MARK_ORDER.filter((kind) => marks.isVisible(kind));
    const known = shown.reduce((sum, kind) => sum + (onescreen.marks.table(kind)?.count ?? 0), 0);
    const isThinned = known > 40000;
    return marks.stats.drawn >= (isThinned ? THINNED : 0.98 * known) && known > 0;
  }

  const hasData = () =>
    document.documentElement.dataset.feed === "live" &&
    hasNumbers() &&
    hasRows("alarms", ".alarm") &&
    hasRows("warnings", ".warning") &&
    hasMarks();

  const isDrawn = (plot) => plot._fullLayout && plot.data.some(({ y }) => y && y.length) && plot.querySelector(".scatterlayer path");

  function hasCharts() {
    const graphs = [...document.querySelectorAll(".graph")].filter((graph) => graph.getClientRects().length);
    return graphs.length > 0 && graphs.every((graph) => isDrawn(graph.querySelector(".js-plotly-plot")));
  }

  window.probe.expect("data", hasData);
  window.probe.expect("charts", () => window.probe.seen.data && hasCharts());
  const root = document;
  window.probe.follow(root, () => root.documentElement.dataset.frameAt, {
    attributes: true,
    subtree: true,
    attributeFilter: ["data-frame-at"],
  });
})();
