// Labels that never lie on one another: each takes the first free spot near its place, or gives up lines, or stays away.
(() => {
  "use strict";
  const onescreen = (window.onescreen = window.onescreen ?? {});
  const canvas = document.createElement("canvas").getContext("2d");
  const LINE = 1.22; // heights of a line of text
  const AIR_PX = 2;
  const widths = new Map();
  const MOST_WIDTHS = 4000;
  document.fonts.addEventListener("loadingdone", () => widths.clear());

  /** Width in pixels of a text of the page's font. */
  onescreen.textWidth = (text, px, weight = 400) => {
    const key = `${weight}|${px}|${text}`;
    if (!widths.has(key)) {
      if (widths.size > MOST_WIDTHS) widths.clear();
      canvas.font = `${weight} ${px}px ${getComputedStyle(document.body).fontFamily}`;
      widths.set(key, canvas.measureText(text).width);
    }
    return widths.get(key);
  };

  const overlap = (a, b) => a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];

  /** Boxes that are taken; `free(box)` within the paper's edges. */
  onescreen.planRoom = (width, height) => {
    const taken = [];
    return {
      take: (box) => taken.push(box),
      isFree: (box) =>
        box[0] >= 0 && box[1] >= 0 && box[2] <= width && box[3] <= height && !taken.some((other) => overlap(box, other)),
    };
  };

  const sizeOf = (lines) => [
    Math.max(...lines.map(({ text, px, weight }) => onescreen.textWidth(text, px, weight))),
    lines.reduce((height, { px }) => height + px * LINE, 0),
  ];

  const boxAt = (x, y, [width, height]) => [
    x - width / 2 - AIR_PX, y - height / 2 - AIR_PX, x + width / 2 + AIR_PX, y + height / 2 + AIR_PX,
  ];

  /**
   * The spot of a label: `{x, y, lines}` or null. `reach` is how far (px) it may move from (x, y); `most` the widest it
   * may be. `variants` are sets of lines, the fullest first.
   */
  onescreen.placeLabel = (room, { x, y, reach, most }, variants) => {
    for (const lines of variants) {
      const size = sizeOf(lines);
      if (size[0] > most) continue;
      for (const [dx, dy] of [[0, 0], [0, -0.6], [0, 0.6], [-0.6, 0], [0.6, 0], [-0.5, -0.6], [0.5, 0.6], [0, -1], [0, 1], [-0.7, -0.5], [0.7, -0.5], [-0.7, 0.5], [0.7, 0.5], [-1, 0], [1, 0]]) {
        const box = boxAt(x + dx * reach, y + dy * reach, size);
        if (!room.isFree(box)) continue;
        room.take(box);
        return { x: x + dx * reach, y: y + dy * reach, lines, height: size[1] };
      }
    }
    return null;
  };

  /** A text beside a sign: right, left, above or below it, or null. */
  onescreen.placeBeside = (room, x, y, gap, line) => {
    const size = sizeOf([line]);
    const far = gap + size[0] / 2 + AIR_PX;
    const above = gap + size[1] / 2;
    for (const [dx, dy] of [[far, 0], [-far, 0], [0, -above], [0, above]]) {
      const box = boxAt(x + dx, y + dy, size);
      if (!room.isFree(box)) continue;
      room.take(box);
      return { x: x + dx, y: y + dy, lines: [line], height: size[1] };
    }
    return null;
  };

  /** Writes a placed label: the same elements again where it stood before. */
  onescreen.writeLabel = (group, { x, y, lines, height }) => {
    const { svg, set, say } = onescreen.tools;
    while (group.childElementCount > lines.length) group.lastElementChild.remove();
    while (group.childElementCount < lines.length) group.append(svg("text", { "text-anchor": "middle" }));
    let top = y - height / 2;
    lines.forEach(({ text, px, style }, i) => {
      const element = group.children[i];
      set(element, { x: x.toFixed(1), y: (top + px * 0.98).toFixed(1), class: `plan-${style}`, "font-size": px.toFixed(1) });
      say(element, text);
      top += px * LINE;
    });
  };
})();
