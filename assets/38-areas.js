// Warning areas: hatched in the colour of their level with a dashed edge, part of the lower sheet's picture.
(function () {
  "use strict";
  const onescreen = (window.onescreen = window.onescreen || {});
  const COLOUR = { red: "#ff4d4f", orange: "#f08c28", yellow: "#f2c200", blue: "#3d7fe0" };
  const SEVERITY = ["blue", "yellow", "orange", "red"];
  const HATCH_PX = 8;

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

  /** A tile of diagonal lines; the steps of the levels differ in direction, so they stay apart without colour. */
  function hatch(context, level, ratio) {
    const key = level + ratio;
    if (!patterns.has(key)) {
      const side = Math.round(HATCH_PX * ratio);
      const tile = document.createElement("canvas");
      tile.width = tile.height = side;
      const pen = tile.getContext("2d");
      pen.strokeStyle = COLOUR[level];
      pen.globalAlpha = 0.42;
      pen.lineWidth = 1.3 * ratio;
      const direction = SEVERITY.indexOf(level) % 2 ? 1 : -1;
      for (const shift of [-side, 0, side]) {
        pen.moveTo(shift, direction > 0 ? side : 0);
        pen.lineTo(shift + side, direction > 0 ? 0 : side);
      }
      pen.stroke();
      patterns.set(key, tile);
    }
    return context.createPattern(patterns.get(key), "repeat");
  }

  /** Paints the areas for a view; the hatch is fixed to the ground, so it does not swim while panning. */
  onescreen.paintAreas = function (context, view, areas) {
    const world = onescreen.worldSize(view.zoom) * view.ratio;
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
      const pattern = hatch(context, area.level, view.ratio);
      pattern.setTransform(new DOMMatrix().translate((-view.x * view.ratio) % 4096, (-view.y * view.ratio) % 4096));
      context.fillStyle = pattern;
      context.fill("nonzero");
      context.setLineDash([6 * view.ratio, 4 * view.ratio]);
      context.lineWidth = 1.4 * view.ratio;
      context.strokeStyle = COLOUR[area.level];
      context.stroke();
      context.setLineDash([]);
    }
  };
})();
