// The offline base map: /api/basemap's GeoJSON, projected once and painted in slices into the lower sheet.
// Quiet by intention: land a little lighter than the surface, water darker, roads only as strong as the zoom needs them.
(function () {
  "use strict";
  const onescreen = (window.onescreen = window.onescreen || {});

  const LABEL_FONT = '"Noto Sans SC Variable","Noto Sans SC",sans-serif';
  const DARK = {
    outside: "#0d1628", land: "#121d31", street: "#31486c", outline: "#46648f", green: "#14282f", water: "#0b1d38",
    shore: "#12305a", building: "#18253c", wall: "#1f2f4b", minor: "#22344f", major: "#283d5e", rail: "#3a4a63",
    express: "#344c70", water_name: "#5d7aa6", road_name: "#8398b8",
  };
  const LIGHT = {
    outside: "#dfe7f0", land: "#f6f8fb", street: "#9db0cb", outline: "#6f8bb3", green: "#dcebe0", water: "#c3d9ee",
    shore: "#a5c4e2", building: "#e6ebf2", wall: "#d3dce8", minor: "#dde4ed", major: "#cdd8e6", rail: "#b3bfcf",
    express: "#bccbdd", water_name: "#3f658f", road_name: "#56677f",
  };
  const INK = document.documentElement.dataset.theme === "light" ? LIGHT : DARK;
  const OUTSIDE = INK.outside;
  const LAND = { fill: INK.land };
  const BORDER = { street: INK.street, outline: INK.outline };
  // Bottom to top; `from` is the zoom from which a layer is drawn, `width` its line width [at zoom 12, per level].
  const LAYERS = [
    { key: "green", fill: INK.green, from: 11 },
    { key: "water", fill: INK.water, line: INK.shore, width: [1.6, 0.9], from: 9 },
    { key: "building", fill: INK.building, stroke: INK.wall, from: 15 },
    { key: "minor_road", line: INK.minor, width: [0.5, 0.9], from: 13.5, label: 16 },
    { key: "major_road", line: INK.major, width: [0.9, 1.0], from: 11, label: 14.5 },
    { key: "rail", line: INK.rail, width: [0.8, 0.35], from: 11.5, dash: [6, 4] },
    { key: "expressway", line: INK.express, width: [1.5, 1.1], from: 9, label: 13.5 },
  ];
  const WATER_NAME = INK.water_name;
  // The grid on which room for a water's name is looked for: part of the canvas, cells, and how many must be water.
  const SPOT = { from: 0.18, of: 0.64, columns: 28, rows: 20, least: 24 };
  const YIELD_EVERY = 60; // shapes
  const LABEL_PITCH = 420; // CSS pixels between road names

  /** One ring or line as world fractions [x, y, x, y …] with its extent. */
  function toPath(coordinates) {
    const points = new Float64Array(coordinates.length * 2);
    const box = [Infinity, Infinity, -Infinity, -Infinity];
    coordinates.forEach(([lon, lat], i) => {
      const [x, y] = onescreen.toWorld(lon, lat);
      points[2 * i] = x;
      points[2 * i + 1] = y;
      box[0] = Math.min(box[0], x);
      box[1] = Math.min(box[1], y);
      box[2] = Math.max(box[2], x);
      box[3] = Math.max(box[3], y);
    });
    return { points, box };
  }

  const RINGS = {
    LineString: (c) => [c],
    MultiLineString: (c) => c,
    Polygon: (c) => c,
    MultiPolygon: (c) => c.flat(),
  };

  /** A GeoJSON geometry → {isArea, paths}; geometry collections and points carry nothing to draw here. */
  function toShape(geometry, name) {
    const rings = RINGS[geometry && geometry.type];
    if (!rings) return null;
    return { isArea: geometry.type.endsWith("Polygon"), paths: rings(geometry.coordinates).map(toPath), name };
  }

  const nameOf = ({ properties }) => (onescreen.language === "en" && properties?.name_en) || properties?.name;

  function toShapes(collection) {
    const features = (collection && collection.features) || [];
    return features.map((feature) => toShape(feature.geometry, nameOf(feature))).filter(Boolean);
  }

  /** `outline` may be a geometry, a feature or a collection. */
  function anyShapes(value) {
    if (!value) return [];
    if (value.features) return toShapes(value);
    return [toShape(value.geometry || value, nameOf(value))].filter(Boolean);
  }

  /** What /api/basemap answered, ready to be painted: {layers: {key: shapes}, outline, streets, bounds}. */
  onescreen.readBasemap = function (answer) {
    const layers = {};
    for (const { key } of LAYERS) layers[key] = toShapes(answer.layers && answer.layers[key]);
    const streets = (answer.streets || []).map((street) => ({ ...street, shapes: anyShapes(street.geometry) }));
    return { layers, outline: anyShapes(answer.outline), streets, bounds: answer.bounds };
  };

  /** A painter of shapes for one view: traces paths in canvas pixels and leaves out what lies outside. */
  function tracer(context, view) {
    const world = onescreen.worldSize(view.zoom) * view.ratio;
    const offsetX = view.x * view.ratio;
    const offsetY = view.y * view.ratio;
    const right = (view.x + view.width) / onescreen.worldSize(view.zoom);
    const bottom = (view.y + view.height) / onescreen.worldSize(view.zoom);
    const left = view.x / onescreen.worldSize(view.zoom);
    const top = view.y / onescreen.worldSize(view.zoom);
    const isSeen = ({ box }) => box[2] >= left && box[0] <= right && box[3] >= top && box[1] <= bottom;

    function trace({ points }, isArea) {
      let lastX = NaN;
      let lastY = NaN;
      for (let i = 0; i < points.length; i += 2) {
        const x = points[i] * world - offsetX;
        const y = points[i + 1] * world - offsetY;
        // Points closer than half a pixel cannot be seen and cost as much as the others.
        if (Math.abs(x - lastX) < 0.5 && Math.abs(y - lastY) < 0.5 && i + 2 < points.length) continue;
        if (i === 0) context.moveTo(x, y);
        else context.lineTo(x, y);
        lastX = x;
        lastY = y;
      }
      if (isArea) context.closePath();
    }
    return { isSeen, trace, toX: (x) => x * world - offsetX, toY: (y) => y * world - offsetY };
  }

  function* paintShapes(context, shapes, pen, style) {
    let count = 0;
    for (const shape of shapes) {
      const paths = shape.paths.filter(pen.isSeen);
      if (!paths.length) continue;
      context.beginPath();
      for (const path of paths) pen.trace(path, shape.isArea);
      if (shape.isArea && style.fill) {
        context.fillStyle = style.fill;
        context.fill("evenodd");
      }
      const stroke = shape.isArea ? style.stroke : style.line;
      if (stroke) {
        context.strokeStyle = stroke;
        context.stroke();
      }
      if (++count % YIELD_EVERY === 0) yield;
    }
  }

  function lineWidth([base, perLevel], view) {
    return Math.max(0.4, base * (1 + Math.max(0, view.zoom - 12) * perLevel)) * view.ratio;
  }

  /** Paints everything of the base map for a view; yields between groups of shapes. */
  onescreen.paintBasemap = function* (context, view, base, areStreetsShown) {
    const pen = tracer(context, view);
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.fillStyle = OUTSIDE;
    context.fillRect(0, 0, context.canvas.width, context.canvas.height);
    context.lineJoin = context.lineCap = "round";
    if (!base) return;
    yield* paintShapes(context, base.outline, pen, LAND);
    for (const layer of LAYERS) {
      if (view.zoom < layer.from) continue;
      context.lineWidth = layer.width ? lineWidth(layer.width, view) : view.ratio;
      context.setLineDash((layer.dash || []).map((part) => part * view.ratio));
      yield* paintShapes(context, base.layers[layer.key], pen, layer);
    }
    context.setLineDash([]);
    if (areStreetsShown) yield* paintBorders(context, view, base, pen);
    paintWaterNames(context, view, base, pen);
    yield* paintRoadNames(context, view, base, pen);
  };

  function* paintBorders(context, view, base, pen) {
    context.lineWidth = 1.1 * view.ratio;
    for (const street of base.streets) yield* paintShapes(context, street.shapes, pen, { stroke: BORDER.street });
    context.lineWidth = 1.8 * view.ratio;
    yield* paintShapes(context, base.outline, pen, { stroke: BORDER.outline });
  }

  /** The name of open water, quietly, where most of it is around; narrow or hardly seen water goes without. */
  function paintWaterNames(context, view, base, pen) {
    context.font = `${15 * onescreen.designScale() * view.ratio}px ${LABEL_FONT}`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.fillStyle = WATER_NAME;
    context.letterSpacing = "0.6em";
    for (const { name, paths } of base.layers.water) {
      const seen = name ? paths.filter(pen.isSeen) : [];
      const middle = seen.length ? openSpot(context, seen, pen) : null;
      if (middle) context.fillText(name, ...middle);
    }
    context.letterSpacing = "0px";
  }

  /** The middle of the largest open spot of an area within the middle of the canvas, found on a coarse grid. */
  function openSpot(context, paths, pen) {
    const { width, height } = context.canvas;
    const [left, top, stepX, stepY] = [width * SPOT.from, height * SPOT.from, (width * SPOT.of) / SPOT.columns, (height * SPOT.of) / SPOT.rows];
    const at = (column, row) => [left + (column + 0.5) * stepX, top + (row + 0.5) * stepY];
    context.beginPath();
    for (const path of paths) pen.trace(path, true);
    let open = [];
    for (let row = 0; row < SPOT.rows; row++) {
      for (let column = 0; column < SPOT.columns; column++) {
        if (context.isPointInPath(...at(column, row), "evenodd")) open.push([column, row]);
      }
    }
    if (open.length < SPOT.least) return null;
    // Peel the spot from its edge until nothing would be left.
    for (let inner = open; inner.length; inner = peeled(open)) open = inner;
    return at(...open[Math.floor(open.length / 2)]);
  }

  function peeled(cells) {
    const known = new Set(cells.map(([column, row]) => row * SPOT.columns + column));
    const isInner = (column, row) => column >= 0 && column < SPOT.columns && known.has(row * SPOT.columns + column);
    return cells.filter(([c, r]) => isInner(c - 1, r) && isInner(c + 1, r) && isInner(c, r - 1) && isInner(c, r + 1));
  }

  /** Each road's name once per stretch of screen, along the road, never one over another. */
  function* paintRoadNames(context, view, base, pen) {
    const taken = new Set();
    context.font = `${12 * view.ratio}px ${LABEL_FONT}`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    for (const layer of LAYERS.filter(({ label }) => label && view.zoom >= label).reverse()) {
      let count = 0;
      for (const shape of base.layers[layer.key]) {
        if (shape.name) for (const path of shape.paths.filter(pen.isSeen)) paintName(context, view, pen, path, shape.name, taken);
        if (++count % YIELD_EVERY === 0) yield;
      }
    }
  }

  function paintName(context, view, pen, { points }, name, taken) {
    const pitch = LABEL_PITCH * view.ratio;
    const width = context.measureText(name).width;
    for (let i = 0; i + 3 < points.length; i += 2) {
      const [x0, y0, x1, y1] = [pen.toX(points[i]), pen.toY(points[i + 1]), pen.toX(points[i + 2]), pen.toY(points[i + 3])];
      const x = (x0 + x1) / 2;
      const y = (y0 + y1) / 2;
      if (Math.hypot(x1 - x0, y1 - y0) < width || x < 0 || y < 0 || x > context.canvas.width || y > context.canvas.height) continue;
      const place = name + Math.round(x / pitch) + "|" + Math.round(y / pitch);
      const spot = Math.round(x / width) + "|" + Math.round(y / (width / 2));
      if (taken.has(place) || taken.has(spot)) continue;
      taken.add(place).add(spot);
      writeAlong(context, view, name, x, y, Math.atan2(y1 - y0, x1 - x0));
    }
  }

  function writeAlong(context, view, name, x, y, angle) {
    const upright = Math.abs(angle) > Math.PI / 2 ? angle + Math.PI : angle;
    context.save();
    context.translate(x, y);
    context.rotate(upright);
    context.lineWidth = 3 * view.ratio;
    context.strokeStyle = INK.outside;
    context.strokeText(name, 0, 0);
    context.fillStyle = INK.road_name;
    context.fillText(name, 0, 0);
    context.restore();
  }
})();
