// The signs of the map, painted once per size and kept as pixels: kind and state → a small block of RGBA values.
// Never colour alone: offline is hatched or smaller-hollow, levels have shapes, alarms shape and digit (design: wall.md).
(function () {
  "use strict";
  const onescreen = (window.onescreen = window.onescreen || {});
  const ACKNOWLEDGED = 16;
  const WORST = 5;
  const STATES = [0, 1, 2, 3, 4, 5, 6, 7, 19, 20, 21, 23];
  const KEPT_SETS = 24;

  const COLOUR = {
    camera: "rgba(70,122,180,.55)", sensor: "rgba(79,163,154,.55)", case: "rgba(214,224,240,.92)", officer: "#a9bbd6", place: "#8398b8",
    offline: "#c4936a", unknown: "rgba(131,152,184,.6)", overdue: "#f2c200", dark: "#0b1220",
    3: "#f2c200", 4: "#f08c28", 5: "#ff4d4f", 7: "#a9bbd6",
  };
  // On light ground, what is pale on dark ground would vanish.
  const ON_LIGHT = { camera: "rgba(50,100,160,.6)", case: "rgba(50,70,105,.9)", officer: "#42536d", place: "#56677f", 7: "#56677f" };
  if (document.documentElement.dataset.theme === "light") Object.assign(COLOUR, ON_LIGHT);

  // Size in CSS pixels while the whole district is in view, and how much a sign grows per zoom level from there. What is
  // ordinary is dust at first, so that what is not stands out of 28,000 others.
  const SIZE = {
    camera: [1.5, 0.95], sensor: [1.6, 0.9], place: [3.4, 0.5], officer: [5, 0.3], case: [2.8, 0.55], overdue: [8, 0.22],
    offline: [3.4, 0.4], unknown: [2.2, 0.55], level: [9, 0.2], alarm: [30, 0.06], worst: [40, 0.06],
  };
  const DISTRICT_ZOOM = 12;
  const LARGEST = { camera: 9, sensor: 9.5 }; // CSS pixels; others at most so many times their first size:
  const LARGEST_GROWTH = 4;

  function grown(name, zoom) {
    const [size, rate] = SIZE[name];
    return Math.min(LARGEST[name] ?? size * LARGEST_GROWTH, size * (1 + Math.max(0, zoom - DISTRICT_ZOOM) * rate));
  }

  const SHAPES = {
    square: (c, r) => c.rect(-r, -r, 2 * r, 2 * r),
    circle: (c, r) => c.arc(0, 0, r, 0, 2 * Math.PI),
    diamond: (c, r) => polygon(c, [[0, -r * 1.2], [r * 1.2, 0], [0, r * 1.2], [-r * 1.2, 0]]),
    triangle: (c, r) => polygon(c, [[0, -r * 1.15], [r * 1.15, r * 0.85], [-r * 1.15, r * 0.85]]),
  };
  const LEVEL_SHAPE = { 3: "square", 4: "diamond", 5: "triangle", 7: "circle" };
  const LEVEL_DIGIT = { 3: "3", 4: "2", 5: "1", 7: "4" };

  function polygon(c, points) {
    c.moveTo(...points[0]);
    points.slice(1).forEach((point) => c.lineTo(...point));
    c.closePath();
  }

  function shape(c, name, radius) {
    c.beginPath();
    SHAPES[name](c, radius);
  }

  function filled(c, name, radius, colour) {
    shape(c, name, radius);
    c.fillStyle = colour;
    c.fill();
  }

  function hollow(c, name, radius, colour, width) {
    shape(c, name, radius - width / 2);
    c.strokeStyle = colour;
    c.lineWidth = width;
    c.stroke();
  }

  /** Brown with diagonal stripes; below six pixels stripes cannot be seen and a cut corner stays. */
  function hatched(c, name, radius) {
    filled(c, name, radius, COLOUR.offline);
    if (radius < 2.5) return;
    c.save();
    shape(c, name, radius);
    c.clip();
    c.strokeStyle = COLOUR.dark;
    c.lineWidth = Math.max(1, radius / 4);
    c.beginPath();
    for (let x = -3 * radius; x < 3 * radius; x += Math.max(2.5, radius * 0.7)) {
      c.moveTo(x, radius);
      c.lineTo(x + 2 * radius, -radius);
    }
    c.stroke();
    c.restore();
  }

  function level(c, state, radius) {
    filled(c, LEVEL_SHAPE[state], radius, COLOUR[state]);
    shape(c, LEVEL_SHAPE[state], radius);
    c.strokeStyle = COLOUR.dark;
    c.lineWidth = 1;
    c.stroke();
  }

  function alarm(c, state, radius) {
    const base = state & ~ACKNOWLEDGED;
    const isOpen = !(state & ACKNOWLEDGED);
    const colour = COLOUR[base];
    const inner = radius * 0.48;
    if (isOpen) hollow(c, "circle", radius, colour, Math.max(1, radius / (base === WORST ? 7 : 14)));
    filled(c, LEVEL_SHAPE[base], inner, isOpen ? colour : COLOUR.dark);
    if (!isOpen) hollow(c, LEVEL_SHAPE[base], inner + radius / 16, colour, Math.max(1.2, radius / 8));
    c.fillStyle = isOpen ? COLOUR.dark : colour;
    c.font = `700 ${inner * 1.25}px "Noto Sans SC Variable","Noto Sans SC",sans-serif`;
    c.textAlign = "center";
    c.textBaseline = "middle";
    c.fillText(LEVEL_DIGIT[base], 0, base === 5 ? inner * 0.22 : inner * 0.06);
  }

  const BODY = { camera: "square", sensor: "circle", place: "diamond", officer: "circle" };

  /** What to paint for a kind in a state: [size name, painter(context, radius)]; null for a state the kind cannot have. */
  function recipe(kind, state) {
    if (kind === "alarm") return LEVEL_SHAPE[state & ~ACKNOWLEDGED] ? [(state & ~ACKNOWLEDGED) === WORST ? "worst" : "alarm", (c, r) => alarm(c, state, r)] : null;
    if (state >= ACKNOWLEDGED) return null;
    if (kind === "case") return state === 6 ? ["overdue", overdue] : ["case", (c, r) => filled(c, "circle", r, COLOUR.case)];
    if (LEVEL_SHAPE[state]) return ["level", (c, r) => level(c, state, r)];
    if (state === 1) return ["offline", (c, r) => hatched(c, BODY[kind], r)];
    if (state === 2) return ["unknown", (c, r) => hollow(c, BODY[kind], r, COLOUR.unknown, Math.max(1, r / 3))];
    if (kind === "officer") return ["officer", (c, r) => (filled(c, "circle", r, COLOUR.dark), hollow(c, "circle", r, COLOUR.officer, r / 1.8))];
    return [kind, (c, r) => filled(c, BODY[kind], r, COLOUR[kind])];
  }

  function overdue(c, radius) {
    filled(c, "circle", radius, COLOUR.dark);
    filled(c, "circle", radius * 0.78, COLOUR.overdue);
    c.fillStyle = COLOUR.dark; // the hand of a clock: past its time
    c.fillRect(-radius * 0.1, -radius * 0.55, radius * 0.2, radius * 0.6);
  }

  /** Paints one sign at the middle of a small canvas; `pixels` are RGBA words, row by row. */
  function paint(size, painter) {
    const side = Math.max(2, Math.ceil(size * 1.25));
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = side;
    const context = canvas.getContext("2d", { willReadFrequently: true });
    context.translate(side / 2, side / 2);
    painter(context, size / 2);
    const pixels = new Uint32Array(context.getImageData(0, 0, side, side).data.buffer);
    return { side, half: side / 2, pixels };
  }

  const RANK = [0, 2, 1, 4, 5, 6, 7, 3];
  /** Which of two marks of a kind lies on top: normal < unknown < offline < level 3 < 2 < 1 < overdue. */
  onescreen.rankOfState = (state) => RANK[state & 7] * 2 + (state & ACKNOWLEDGED ? 0 : 1);
  onescreen.RANKS = 16;

  const sets = new Map();

  /** Signs for a zoom and a scale (device pixels per design pixel): `{of(kind, state), reach(kind)}`. */
  onescreen.sprites = function (zoom, scale) {
    const step = Math.round(Math.max(DISTRICT_ZOOM, zoom) * 2) / 2;
    const key = step + "|" + scale.toFixed(2);
    if (!sets.has(key)) {
      if (sets.size >= KEPT_SETS) sets.delete(sets.keys().next().value);
      sets.set(key, createSet(step, scale));
    }
    return sets.get(key);
  };

  function createSet(zoom, scale) {
    const kinds = new Map();
    const build = (kind) => {
      const signs = new Array(32).fill(null);
      for (const state of STATES) {
        const found = recipe(kind, state);
        if (found) signs[state] = paint(grown(found[0], zoom) * scale, found[1]);
      }
      const reach = Math.ceil(Math.max(...signs.filter(Boolean).map((sign) => sign.half))) + 1;
      return { signs: signs.map((sign) => sign || signs[kind === "alarm" ? 7 : 0]), reach };
    };
    const of = (kind) => {
      if (!kinds.has(kind)) kinds.set(kind, build(kind));
      return kinds.get(kind);
    };
    return { signs: (kind) => of(kind).signs, reach: (kind) => of(kind).reach };
  }
})();
