// The plan: a quiet map of areas for choropleths and surroundings, drawn as SVG from /api/plan. docs/contracts.md tells
// its options; nothing moves unless they do: the frame stays, limits of classes stay, elements are reused.
(() => {
  "use strict";
  const onescreen = (window.onescreen = window.onescreen ?? {});
  const { h, svg, set, rows, onChildren, named, isUnknown, measured, t } = onescreen.tools;
  const DEFAULTS = {
    frame: null, level: null, within: "", values: null, scale: {}, labels: "both", marks: [], lines: [], outlines: [],
    rings: [], selected: null, legend: true, room: 1, onPick: null, title: "",
  };
  const GROUND = ["rail", "major_road", "expressway"]; // over the land, under the areas' labels
  const BREAKS_MS = 5 * 60 * 1000; // limits of classes stay so long, unless another number is shown
  let count = 0;

  const layer = (name) => svg("g", { class: `plan-${name}` });

  function build(id) {
    const hatch = svg(
      "pattern",
      { id, width: 8, height: 8, patternUnits: "userSpaceOnUse" },
      svg("rect", { width: 8, height: 8, class: "plan-hatch-back" }),
      svg("path", { d: "M2 0V8", class: "plan-hatch-line" }),
    );
    const layers = {};
    for (const name of ["land", "areas", "water", "roads", "borders", "outlines", "rings", "lines", "picked", "labels", "marks"]) {
      layers[name] = layer(name);
    }
    set(layers.picked, { "pointer-events": "none" });
    const paper = svg("svg", { class: "plan-paper", role: "group" }, svg("defs", null, hatch), ...Object.values(layers));
    const legend = h("div", { class: "plan-legend", hidden: true });
    const waiting = h("p", { class: "none plan-waiting" }, t("plan.waiting"));
    return { root: h("div", { class: "plan" }, paper, legend, waiting), paper, hatch, layers, legend, waiting };
  }

  /** A plan in `container`; `update(options)` changes what is named, `remove()` ends it. */
  onescreen.plan = (container, options = {}) => {
    const id = `plan-hatch-${++count}`;
    const parts = build(id);
    const state = { options: { ...DEFAULTS, ...options }, data: null, ground: null, breaks: [], breaksKey: "", asked: "" };
    let isRemoved = false;
    let timer = 0;

    async function load() {
      const { level, within } = state.options;
      const wanted = `${level}|${within}`;
      if (state.asked === wanted) return;
      state.asked = wanted;
      try {
        const none = { origin: [0, 0], step: 1, bounds: null, areas: new Map() };
        const [ground, data] = await Promise.all([
          onescreen.planData.ground(), level ? onescreen.planData.areas(level, within) : none,
        ]);
        if (isRemoved || state.asked !== wanted) return;
        Object.assign(state, { ground, data, fresh: true });
        draw();
      } catch (error) {
        console.warn("onescreen: no plan yet", String(error));
        state.asked = "";
        if (!isRemoved) timer = setTimeout(load, onescreen.planData.RETRY_MS);
      }
    }

    /** The bounds to show: those of named areas, around a centre, as given, else of all areas, else of the district. */
    function boundsOf({ frame }) {
      const { data, ground } = state;
      if (frame?.bounds) return frame.bounds;
      if (frame?.center) return onescreen.boundsAround(frame.center, frame.radius_m ?? 500);
      const extents = (frame?.codes ?? []).map((code) => data.areas.get(code)?.extent).filter(Boolean);
      if (!extents.length) return data.bounds ?? ground.bounds ?? [121, 31, 122, 32];
      const [lon, lat] = data.origin;
      const most = (i) => Math.max(...extents.map((box) => box[i]));
      const least = (i) => Math.min(...extents.map((box) => box[i]));
      return [lon + least(0) * data.step, lat + least(1) * data.step, lon + most(2) * data.step, lat + most(3) * data.step];
    }

    function viewOf() {
      const { clientWidth: width, clientHeight: height } = parts.root;
      if (!width || !height) return null; // nobody sees it
      const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
      const { room } = state.options;
      const sides = typeof room === "number" ? { left: room, right: room, top: room, bottom: room } : { left: 1, right: 1, top: 1, bottom: 1, ...room };
      const px = Object.fromEntries(Object.entries(sides).map(([side, size]) => [side, size * rem]));
      return { ...onescreen.planView(boundsOf(state.options), width, height, px), rem };
    }

    function draw() {
      if (!state.data || isRemoved) return;
      const view = viewOf();
      if (!view) return;
      set(parts.waiting, { hidden: true });
      set(parts.paper, { viewBox: `0 0 ${view.width} ${view.height}`, "aria-label": state.options.title || null });
      drawGround(view);
      drawAreas(view);
      const room = onescreen.planRoom(view.width, view.height);
      onescreen.drawPlanLegend(parts.legend, state, id);
      if (parts.legend.offsetWidth) {
        const { offsetLeft: x, offsetTop: y, offsetWidth: w, offsetHeight: high } = parts.legend;
        room.take([x, y, x + w, y + high]);
      }
      onescreen.drawPlanMarks(parts.layers, state, view, room);
      drawLabels(view, room);
    }

    function drawGround(view) {
      const { ground } = state;
      const { land, water, roads, borders } = parts.layers;
      const transform = view.transform(ground);
      for (const group of [land, water, roads, borders]) set(group, { transform });
      if (!state.fresh) return;
      const path = (d, name) => svg("path", { d, class: name });
      const { layers } = ground;
      land.replaceChildren(path(ground.outline, "plan-land"));
      water.replaceChildren(path(layers.water.area, "plan-water"), path(layers.water.line, "plan-river"));
      roads.replaceChildren(...GROUND.map((key) => path(layers[key].line, `plan-${key}`)));
      borders.replaceChildren(path(ground.streets, "plan-street"), path(ground.outline, "plan-outline"));
    }

    /** Values of areas as class and hatch; limits are kept while the same number is shown. */
    function drawAreas(view) {
      const { data, options: given } = state;
      const list = [...data.areas.values()];
      const values = given.values;
      state.known = values ? list.map(({ code }) => values[code]).filter((value) => !isUnknown(value)) : [];
      state.unknown = values ? list.length - state.known.length : 0;
      const key = `${given.level}|${given.within}|${given.scale.key ?? ""}|${given.scale.breaks ?? ""}`;
      const isOld = performance.now() - (state.breaksAt ?? -Infinity) > BREAKS_MS;
      if (state.breaksKey !== key || isOld || (!state.breaks.length && state.known.length)) {
        Object.assign(state, { breaksKey: key, breaksAt: performance.now() });
        state.breaks = given.scale.breaks ?? onescreen.planBreaks(state.known);
      }
      // The hatch is as wide on the screen whatever the scale of what it fills.
      set(parts.hatch, { patternTransform: `scale(${1 / (data.step * view.perDegree)}) rotate(45)` });
      const group = set(parts.layers.areas, { transform: view.transform(data), "data-level": given.level });
      const current = state.current && data.areas.has(state.current) ? state.current : (given.selected ?? list[0]?.code);
      rows(group, list, (area) => area.code, makeArea, (path, area) => fillArea(path, area, current));
      const chosen = data.areas.get(given.selected);
      set(parts.layers.picked, { transform: view.transform(data) });
      parts.layers.picked.replaceChildren(...(chosen ? [svg("path", { d: chosen.path, class: "plan-chosen" })] : []));
      state.fresh = false;
    }

    const makeArea = (area) => svg("path", { class: "plan-area", "data-code": area.code });

    function listen() {
      const { areas } = parts.layers;
      onChildren(areas, "click", (path) => pick(path.dataset.code));
      onChildren(areas, "keydown", (path, event) => onKey(event, path.dataset.code));
      // not at `areas`: Chromium lets the Tab key stop at whatever of an SVG listens to focus
      parts.root.addEventListener("focusin", ({ target }) => areas.contains(target) && (state.current = target.dataset.code));
      onescreen.listenToPlanMarks(parts.layers, pick);
    }

    function fillArea(path, area, current) {
      const { values, scale, onPick, selected } = state.options;
      const value = values?.[area.code];
      const index = values ? onescreen.planClass(value, state.breaks) : null;
      const strength = onescreen.planStrength(index, state.breaks.length + 1, scale.isReversed);
      const text = values ? `${nameOf(area)}: ${formatted(value)}${scale.unit ? ` ${scale.unit}` : ""}` : nameOf(area);
      const label = state.options.describe?.(area.code, text) ?? text;
      set(path, {
        d: area.path, "data-strength": strength, "data-plain": !values,
        fill: values && strength === null ? `url(#${id})` : null,
        role: onPick ? "button" : "img", tabindex: area.code === current ? 0 : -1, "aria-label": label, "data-hint": label,
        "aria-pressed": onPick ? String(area.code === selected) : null,
      });
    }

    const nameOf = (area) => named(area.name, area.name_en);
    const formatted = (value) => (state.options.scale.format ?? measured)(value);

    function pick(what) {
      state.options.onPick?.(what);
    }

    /** Arrow keys go to the neighbour in that direction, Enter and space pick. */
    function onKey(event, code) {
      if (event.key === "Enter" || event.key === " ") {
        event.preventDefault();
        return pick(code);
      }
      const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
      if (!way) return undefined;
      event.preventDefault();
      const next = onescreen.planNeighbour(state.data.areas, code, way);
      if (!next) return undefined;
      for (const path of parts.layers.areas.children) set(path, { tabindex: path.dataset.code === next ? 0 : -1 });
      return parts.layers.areas.querySelector(`[data-code="${CSS.escape(next)}"]`)?.focus();
    }

    function drawLabels(view, room) {
      const placed = onescreen.planLabels(state, view, room, { nameOf, formatted });
      rows(parts.layers.labels, placed, ({ code }) => code, () => svg("g", { "pointer-events": "none" }), onescreen.writeLabel);
    }

    const redraw = onescreen.calmly(draw, 80);
    const watcher = new ResizeObserver(redraw);
    container.append(parts.root);
    listen();
    watcher.observe(parts.root);
    document.fonts.addEventListener("loadingdone", redraw);
    load();

    return {
      element: parts.root,
      update(changes) {
        state.options = { ...state.options, ...changes };
        load();
        draw();
      },
      remove() {
        isRemoved = true;
        clearTimeout(timer);
        watcher.disconnect();
        document.fonts.removeEventListener("loadingdone", redraw);
        parts.root.remove();
      },
    };
  };

  // Panels that were drawn before this script arrived have left the room for their plan empty.
  onescreen.drawAllPanels?.();
})();
