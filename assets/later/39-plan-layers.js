// What lies on a plan: labels of areas, marks with their names, lines, rings, outlines of warnings, and the legend.
(() => {
  "use strict";
  const onescreen = (window.onescreen = window.onescreen ?? {});
  const { h, svg, set, say, rows, onChildren, count, t, measured } = onescreen.tools;
  const SIZES = { value: 1.0625, name: 0.8125, small: 0.8125, mark: 0.8125 }; // rem
  const MOST_FOCUSABLE = 40;
  const FEW = 60; // areas; of more only those with the largest values are labelled
  const MOST_LABELS = 24;
  const EDGE_REM = 1.1;

  const middleOf = (data, view, [x, y]) => view.at([data.origin[0] + x * data.step, data.origin[1] + y * data.step]);

  /** Labels of areas, those with the largest values first; what finds no room stays in hint and aria-label. */
  onescreen.planLabels = (state, view, room, { nameOf, formatted }) => {
    const { labels, values, level, scale, selected } = state.options;
    if (labels === "none") return [];
    const sign = scale.isReversed ? 1 : -1;
    const order = ({ code }) => (code === selected ? -Infinity : sign * (values?.[code] ?? 0));
    const areas = [...state.data.areas.values()].filter(({ label }) => label).sort((a, b) => order(a) - order(b));
    const isLarge = level === "street" || areas.length <= 20;
    const shown = areas.length <= FEW ? areas : areas.filter(({ code }) => !values || values[code]).slice(0, MOST_LABELS);
    const line = (text, size, style, weight) => ({ text, px: SIZES[size] * view.rem, style, weight });
    return shown.flatMap((area) => {
      const [x, y] = middleOf(state.data, view, area.label);
      const radius = area.label[2] * state.data.step * view.perDegree;
      const name = line(nameOf(area), "name", "name", 400);
      const value = line(formatted(values?.[area.code]), isLarge ? "value" : "small", "value", 600);
      const variants = { name: [[name]], value: [[value]], both: values ? [[value, name], [value]] : [[name]] }[labels];
      const isFree = isLarge || shown.length < areas.length; // its text may reach over its neighbours
      const most = isFree ? Math.max(2.6 * radius, 7 * view.rem) : 2 * radius;
      const spot = onescreen.placeLabel(room, { x, y, reach: isFree ? Math.max(radius, view.rem) : radius * 0.4, most }, variants);
      return spot ? [{ ...spot, code: area.code }] : [];
    });
  };

  /** The area whose label lies next in a direction ([east, north]), seen within a quarter circle. */
  onescreen.planNeighbour = (areas, code, [east, north]) => {
    const from = areas.get(code)?.label;
    let best = null;
    for (const area of areas.values()) {
      if (!from || !area.label || area.code === code) continue;
      const [dx, dy] = [area.label[0] - from[0], area.label[1] - from[1]];
      const ahead = dx * east + dy * north;
      const aside = Math.abs(dx * north) + Math.abs(dy * east);
      const cost = ahead + 2 * aside;
      if (ahead > 0 && aside <= ahead && (!best || cost < best.cost)) best = { code: area.code, cost };
    }
    return best?.code ?? null;
  };

  /** A polygon is a ring, or a list of rings. */
  const ringsOf = (part) => (typeof part[0]?.[0] === "number" ? [part] : part);

  /** Marks, lines, rings and outlines; marks beyond the frame that ask for it (`edge`) become arrows at its edge. */
  onescreen.drawPlanMarks = (layers, state, view, room) => {
    const { marks, lines, rings, outlines, frame } = state.options;
    const path = (points, isClosed) => points.map((at, i) => `${i ? "L" : "M"}${view.at(at).map((v) => v.toFixed(1)).join(" ")}`).join("") + (isClosed ? "z" : "");
    layers.outlines.replaceChildren(
      ...outlines.map(({ polygons, level, style }) =>
        svg("path", { d: polygons.flatMap(ringsOf).map((ring) => path(ring, true)).join(""), class: "plan-area-outline", "data-level": level, "data-style": style }),
      ),
    );
    layers.lines.replaceChildren(...lines.map((line) => lineOf(line, path)));
    const middle = frame?.center ? view.at(frame.center) : null;
    layers.rings.replaceChildren(...(middle ? rings.flatMap((m) => ring(m, middle, view)) : []));
    rows(layers.marks, marks, (mark) => mark.key ?? `${mark.kind}/${mark.id}`, makeMark, (group, mark) => fillMark(group, mark, view, room, marks.length));
  };

  /** A line in parts: where a point is null nothing is known, and nothing is drawn. */
  function lineOf({ points, style, label }, path) {
    const parts = [[]];
    for (const point of points) {
      if (point) parts.at(-1).push(point);
      else if (parts.at(-1).length) parts.push([]);
    }
    const d = parts.filter((part) => part.length > 1).map((part) => path(part, false)).join("");
    return svg("path", { d, class: "plan-line", "data-style": style ?? null, "aria-label": label ?? null, "data-hint": label ?? null });
  }

  function ring(metres, [x, y], view) {
    const r = view.metres(metres);
    const text = metres >= 1000 ? `${metres / 1000} km` : `${metres} m`;
    return [
      svg("circle", { cx: x, cy: y, r, class: "plan-ring" }),
      svg("text", { x, y: y - r - 3, "text-anchor": "middle", class: "plan-ring-text", "font-size": SIZES.small * view.rem }, text),
    ];
  }

  const makeMark = () => svg("g", { class: "plan-mark" }, svg("g"), svg("g", { "pointer-events": "none" }));

  /** Click, Enter and space on a mark pick it. */
  onescreen.listenToPlanMarks = (layers, pick) => {
    onChildren(layers.marks, "click", (group) => pick(group.onescreenMark));
    onChildren(layers.marks, "keydown", (group, event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      pick(group.onescreenMark);
    });
  };

  function fillMark(group, mark, view, room, all) {
    group.onescreenMark = mark;
    const [sign, label] = group.children;
    const edge = EDGE_REM * view.rem;
    let [x, y] = view.at([mark.lon, mark.lat]);
    const isOut = x < 0 || y < 0 || x > view.width || y > view.height;
    set(group, { hidden: null, display: isOut && !mark.edge ? "none" : null });
    if (isOut && !mark.edge) return;
    const angle = isOut ? Math.atan2(y - view.height / 2, x - view.width / 2) : 0;
    if (isOut) [x, y] = [Math.min(view.width - edge, Math.max(edge, x)), Math.min(view.height - edge, Math.max(edge, y))];
    const radius = onescreen.drawPlanSign(sign, mark, view.rem);
    arrow(sign, isOut, angle, radius);
    const state = onescreen.planStateOf(mark);
    const name = mark.title ?? mark.label ?? null;
    set(group, {
      transform: `translate(${x.toFixed(1)} ${y.toFixed(1)})`, "data-kind": mark.kind, "data-state": state,
      role: name ? "button" : "img", tabindex: name && all <= MOST_FOCUSABLE ? 0 : null, "aria-label": name, "data-hint": name,
    });
    nameMark(label, mark, { x, y, radius }, view, room);
  }

  function arrow(sign, isOut, angle, radius) {
    const known = sign.querySelector(".plan-edge");
    if (!isOut) return known?.remove();
    const path = known ?? sign.appendChild(svg("path", { class: "plan-edge" }));
    const r = radius + 3;
    return set(path, { d: `M${r} -5L${r + 8} 0L${r} 5Z`, transform: `rotate(${((angle * 180) / Math.PI).toFixed(0)})` });
  }

  /** Short labels (numbers of cameras, letters of responders) stand on the sign as a badge, others beside it. */
  function nameMark(group, mark, { x, y, radius }, view, room) {
    room.take([x - radius, y - radius, x + radius, y + radius]);
    const text = mark.label ?? "";
    const px = SIZES.mark * view.rem;
    const spot = text ? onescreen.placeBeside(room, x, y, radius + 2, { text, px, weight: 600, style: "mark-name" }) : null;
    if (!spot) group.replaceChildren();
    else onescreen.writeLabel(group, { ...spot, x: spot.x - x, y: spot.y - y });
  }

  /** Title, classes with their limits, and how many areas nobody knows. */
  onescreen.drawPlanLegend = (legend, state, hatch) => {
    const { values, scale, legend: isWanted } = state.options;
    set(legend, { hidden: !isWanted || !values });
    if (!isWanted || !values) return;
    const format = scale.format ?? measured;
    const classes = state.breaks.length + 1;
    const text = [scale.title ?? "", scale.unit ? ` ${scale.unit}` : ""].join("");
    const limits = [...(state.known.length ? [Math.min(...state.known, ...state.breaks)] : []), ...state.breaks].map((v) => format(v));
    const fingerprint = JSON.stringify([text, limits, state.unknown, scale.isReversed, onescreen.language]);
    if (legend.onescreenShown === fingerprint) return;
    legend.onescreenShown = fingerprint;
    const steps = limits.map((limit, i) =>
      h("span", { class: "plan-class" }, h("i", { "data-strength": onescreen.planStrength(i, classes, scale.isReversed) }), h("span", null, limit)),
    );
    const unknown = state.unknown
      ? h("span", { class: "plan-class plan-class-unknown" }, h("i"), h("span", null, t("plan.unknown", { n: count(state.unknown) })))
      : null;
    legend.replaceChildren(h("span", { class: "plan-legend-title" }, text), h("span", { class: "plan-classes" }, ...steps), ...(unknown ? [unknown] : []));
  };
})();
