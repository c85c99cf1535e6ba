// Density as bands of one colour on a canvas below the plan, in the plan's own view.
(() => {
  "use strict";
  const onescreen = (window.onescreen = window.onescreen ?? {});
  const { cases } = onescreen;
  const BANDS = [0.08, 0.2, 0.38, 0.58, 0.8]; // of the peak, where each band begins
  const COLOURS = ["--heat-1", "--heat-2", "--heat-3", "--heat-4", "--heat-5"];
  const SCALE = 0.5; // canvas pixels for each of CSS: bands are smooth anyway

  cases.heatBands = BANDS;
  cases.heatColours = COLOURS;

  const colourOf = (name, probe) => {
    probe.fillStyle = getComputedStyle(document.documentElement).getPropertyValue(name).trim();
    const [, r, g, b] = /^#(..)(..)(..)$/.exec(probe.fillStyle).map((part) => parseInt(part, 16));
    return [r, g, b];
  };

  function decode({ cells, columns, lines }) {
    const bytes = Uint8Array.from(atob(cells), (sign) => sign.charCodeAt(0));
    return bytes.length === columns * lines ? bytes : null;
  }

  /** The cell's value at a place between cells, 0 … 255. */
  function between(bytes, columns, lines, x, y) {
    const left = Math.min(columns - 1, Math.max(0, Math.floor(x)));
    const low = Math.min(lines - 1, Math.max(0, Math.floor(y)));
    const right = Math.min(columns - 1, left + 1);
    const high = Math.min(lines - 1, low + 1);
    const [fx, fy] = [Math.min(1, Math.max(0, x - left)), Math.min(1, Math.max(0, y - low))];
    const below = bytes[low * columns + left] * (1 - fx) + bytes[low * columns + right] * fx;
    const above = bytes[high * columns + left] * (1 - fx) + bytes[high * columns + right] * fx;
    return below * (1 - fy) + above * fy;
  }

  function paint(image, density, bytes, view) {
    const { bounds: [west, south, east, north], columns, lines } = density;
    const [x0, y1] = view.at([west, south]);
    const [x1, y0] = view.at([east, north]);
    const probe = document.createElement("canvas").getContext("2d");
    const colours = COLOURS.map((name) => colourOf(name, probe));
    const limits = BANDS.map((band) => band * 255);
    for (let row = 0; row < image.height; row++) {
      const line = ((y1 - (row + 0.5) / SCALE) / (y1 - y0)) * lines - 0.5;
      for (let column = 0; column < image.width; column++) {
        const at = (((column + 0.5) / SCALE - x0) / (x1 - x0)) * columns - 0.5;
        const value = between(bytes, columns, lines, at, line);
        let band = limits.length - 1;
        while (band >= 0 && value < limits[band]) band -= 1;
        if (band < 0) continue;
        image.data.set([...colours[band], 255], (row * image.width + column) * 4);
      }
    }
  }

  /** The plan writes `matrix(a b c d e f)` for SVG; CSS, which DOMMatrix reads, wants commas. */
  const matrixOf = (transform) => new DOMMatrix(transform.match(/-?[\d.e-]+/g).map(Number));

  /** Draws a density into a canvas as large as the plan, cut off at the district's outline. */
  cases.drawHeat = async (canvas, density, view) => {
    const bytes = density && decode(density);
    canvas.width = Math.max(1, Math.round(view.width * SCALE));
    canvas.height = Math.max(1, Math.round(view.height * SCALE));
    const context = canvas.getContext("2d");
    if (!bytes || !density.peak) return;
    const image = context.createImageData(canvas.width, canvas.height);
    paint(image, density, bytes, view);
    context.putImageData(image, 0, 0);
    const ground = await onescreen.planData.ground();
    const outline = new Path2D();
    outline.addPath(new Path2D(ground.outline), matrixOf(view.transform(ground)));
    context.save();
    context.scale(SCALE, SCALE);
    context.globalCompositeOperation = "destination-in";
    context.fill(outline, "evenodd");
    context.restore();
  };
})();
