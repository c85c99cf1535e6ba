// Signs of marks on a plan, the shapes of the map: square camera, round sensor, diamond place, ring officer, priorities.
(() => {
  "use strict";
  const onescreen = (window.onescreen = window.onescreen ?? {});
  const { svg, set, prioritySign, showPriority } = onescreen.tools;
  // As the feed numbers them (docs/contracts.md), for marks that carry the number.
  const STATES = ["normal", "offline", "unknown", "level-3", "level-2", "level-1", "overdue", "level-4"];
  const LEVELS = { "level-1": 1, "level-2": 2, "level-3": 3, "level-4": 4 };
  const RADIUS_REM = { camera: 0.42, sensor: 0.45, place: 0.5, officer: 0.5, case: 0.42, alarm: 1, component: 0.35 };
  const ACKNOWLEDGED = 16;

  const SHAPES = {
    square: (r) => `M${-r} ${-r}H${r}V${r}H${-r}Z`,
    circle: (r) => `M0 ${-r}A${r} ${r} 0 1 1 0 ${r}A${r} ${r} 0 1 1 0 ${-r}Z`,
    diamond: (r) => `M0 ${-r * 1.15}L${r * 1.15} 0L0 ${r * 1.15}L${-r * 1.15} 0Z`,
    triangle: (r) => `M0 ${-r * 1.15}L${r * 1.15} ${r * 0.85}H${-r * 1.15}Z`,
  };
  const BODY = { camera: "square", sensor: "circle", place: "diamond", officer: "circle", case: "circle", component: "square" };
  const LEVEL_BODY = { 1: "triangle", 2: "diamond", 3: "square", 4: "circle" };

  onescreen.planStateOf = ({ state }) => (typeof state === "number" ? STATES[state & ~ACKNOWLEDGED] : state) ?? "normal";

  /** Draws (again) the sign of a mark into its group; returns its radius in pixels. */
  onescreen.drawPlanSign = (group, mark, rem) => {
    const state = onescreen.planStateOf(mark);
    const radius = (mark.size_rem ?? RADIUS_REM[mark.kind] ?? 0.4) * rem;
    const isHollow = typeof mark.state === "number" ? Boolean(mark.state & ACKNOWLEDGED) : Boolean(mark.isAcknowledged);
    const fingerprint = `${mark.kind}|${state}|${isHollow}|${mark.priority}|${radius}|${mark.heading_deg}|${mark.token ?? ""}`;
    if (group.onescreenSign === fingerprint) return radius;
    group.onescreenSign = fingerprint;
    group.replaceChildren(...parts(mark, state, radius, isHollow));
    return radius;
  };

  function parts(mark, state, radius, isHollow) {
    if (mark.symbol) return [mark.symbol(radius)].flat();
    if (mark.kind === "alarm") return [priority(mark.priority ?? LEVELS[state] ?? 4, isHollow, radius)];
    const level = LEVELS[state];
    const body = svg("path", { d: SHAPES[level ? LEVEL_BODY[level] : BODY[mark.kind] ?? "circle"](radius), class: "plan-sign" });
    if (state !== "offline") return [body];
    const r = radius * 0.62; // the hatch of what is offline, as large as it can be seen
    return [body, svg("path", { d: `M${-r} ${r}L${r} ${-r}M${-r} 0L0 ${-r}M0 ${r}L${r} 0`, class: "plan-sign-hatch" })];
  }

  function priority(level, isHollow, radius) {
    const sign = prioritySign();
    showPriority(sign, level, isHollow);
    return set(sign, { x: -radius, y: -radius, width: 2 * radius, height: 2 * radius, style: null });
  }
})();
