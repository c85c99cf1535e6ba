// Bars of hours: what came in each; an hour nobody counted is a dashed stump, never nothing.
(() => {
  "use strict";
  const onescreen = (window.onescreen = window.onescreen ?? {});
  const tools = onescreen.tools;
  const { svg, set, rows, isUnknown } = tools;
  const HEIGHT = 20;
  const STEP = 4;

  /** An empty row of bars; it fills the box it lies in. */
  tools.hourBars = () => svg("svg", { class: "hour-bars", preserveAspectRatio: "none", role: "img" });

  /** One bar for each of `values` (null: unknown); the last is the hour that still runs. */
  tools.showHourBars = (chart, values, label) => {
    const most = Math.max(1, ...values.map((value) => value ?? 0));
    set(chart, { viewBox: `0 0 ${values.length * STEP} ${HEIGHT}`, "aria-label": label });
    const items = values.map((value, hour) => ({ value, hour }));
    rows(chart, items, ({ hour }) => hour, () => svg("rect", { width: STEP - 1 }), (bar, { value, hour }) => {
      const height = isUnknown(value) ? 2 : value ? Math.max(1, (value / most) * HEIGHT) : 0;
      set(bar, { x: hour * STEP, y: HEIGHT - height, height, "data-none": isUnknown(value), "data-now": hour === values.length - 1 });
    });
  };
})();
