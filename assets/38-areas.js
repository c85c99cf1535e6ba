// Warning areas, part of the lower sheet's picture: a dashed edge in the colour of the level, and for the worst level a
// hatch. Only for the worst: two hatches over each other can be told apart by nobody, and hide the ground.
(function () {
  "use strict";
  const onescreen = (window.onescreen = window.onescreen || {});
  const COLOUR = { red: "#ff4d4f", orange: "#f08c28", yellow: "#f2c200", blue: "#3d7fe0" };
  const SEVERITY = ["blue", "yellow", "orange", "red"];
  // Distance of the hatch's lines and their strength: [whole district, streets]; close by, the ground matters more.
  const HATCH_PX = [8, 22];
  const HATCH_ALPHA = [0.42, 0.26];
  const ZOOMS = [12, 15];
  const LESSER_ALPHA = 0.5; // of the edges of lesser warnings

  /** The panel's polygons ([ring of [lon, lat]]) as world fractions. */
  onescreen.readAreas = function (areas) {
    return (areas || [])
      .map((area) => ({
        id: area.id,
        level: COLOUR[area.level] ? area.level : "blue",
        rings: (area.polygons || []).map((ring) => ring.map(([lon, lat]) => onescreen.toWorld(lon, lat))),
      }))
      .filter((area) => area.rings.length)
      .sort((a, b) => SEVERITY.indexOf(a.level) - SEVERITY.indexOf(b.level));
  };

  const patterns = new Map();

  function between([far, near], zoom) {
    const share = Math.min(1, Math.max(0, (zoom - ZOOMS[0]) / (ZOOMS[1] - ZOOMS[0])));
    return far + (near - far) * share;
  }

  /** A tile of diagonal lines; the directions of neighbouring levels differ, so they stay apart without colour. */
  function hatch(context, level, view) {
    const zoom = Math.round(view.zoom);
    const key = [level, view.ratio, Math.min(Math.max(zoom, ZOOMS[0]), ZOOMS[1])].join("|");
    if (!patterns.has(key)) patterns.set(key, tileOf(level, zoom, view.ratio));
    return context.createPattern(patterns.get(key), "repeat");
  }

  function tileOf(level, zoom, ratio) {
    const side = Math.round(between(HATCH_PX, zoom) * ratio);
    const tile = document.createElement("canvas");
    tile.width = tile.height = side;
    const pen = tile.getContext("2d");
    pen.strokeStyle = COLOUR[level];
    pen.globalAlpha = between(HATCH_ALPHA, zoom);
    pen.lineWidth = 1.3 * ratio;
    const rising = SEVERITY.indexOf(level) % 2 === 0;
    for (const shift of [-side, 0, side]) {
      pen.moveTo(shift, rising ? side : 0);
      pen.lineTo(shift + side, rising ? 0 : side);
    }
    pen.stroke();
    return tile;
  }

  /** The hatch is fixed to the ground, so it does not swim while panning. */
  function fillHatched(context, view, level) {
    const pattern = hatch(context, level, view);
    pattern.setTransform(new DOMMatrix().translate((-view.x * view.ratio) % 4096, (-view.y * view.ratio) % 4096));
    context.fillStyle = pattern;
    context.fill("nonzero");
  }

  /** Paints the areas for a view, the worst level last. */
  onescreen.paintAreas = function (context, view, areas) {
    const world = onescreen.worldSize(view.zoom) * view.ratio;
    const worst = areas.length ? areas[areas.length - 1].level : null;
    for (const area of areas) {
      context.beginPath();
      for (const ring of area.rings) {
        ring.forEach(([x, y], i) => {
          const point = [x * world - view.x * view.ratio, y * world - view.y * view.ratio];
          if (i === 0) context.moveTo(...point);
          else context.lineTo(...point);
        });
        context.closePath();
      }
      if (area.level === worst) fillHatched(context, view, area.level);
      context.setLineDash([6 * view.ratio, 4 * view.ratio]);
      context.lineWidth = 1.4 * view.ratio;
      context.strokeStyle = COLOUR[area.level];
      context.globalAlpha = area.level === worst ? 1 : LESSER_ALPHA;
      context.stroke();
      context.globalAlpha = 1;
      context.setLineDash([]);
    }
  };
})();
