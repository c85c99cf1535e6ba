// Which marks lie in a rectangle: a grid of buckets over typed arrays, built by counting, in one pass each.
(function () {
  "use strict";
  const onescreen = (window.onescreen = window.onescreen || {});
  const PER_CELL = 4;
  const SAMPLE = 512;

  /** The range that holds all but the outermost values: one stray coordinate must not make every cell huge. */
  function coreRange(values, count) {
    const step = Math.max(1, Math.floor(count / SAMPLE));
    const sample = [];
    for (let i = 0; i < count; i += step) sample.push(values[i]);
    sample.sort((a, b) => a - b);
    const low = sample[Math.floor(sample.length * 0.01)] ?? 0;
    const high = sample[Math.ceil(sample.length * 0.99) - 1] ?? low;
    return [low, Math.max(high - low, 1e-9)];
  }

  /** An index over the first `count` points; what lies outside the core range is kept in the outer cells. */
  onescreen.createSpatialIndex = function (xs, ys, count) {
    const side = Math.max(1, Math.ceil(Math.sqrt(count / PER_CELL)));
    const [x0, spanX] = coreRange(xs, count);
    const [y0, spanY] = coreRange(ys, count);
    const toCell = (value, low, span) => {
      const cell = Math.floor(((value - low) / span) * side);
      return cell < 0 ? 0 : cell >= side ? side - 1 : cell;
    };
    const starts = new Uint32Array(side * side + 1);
    const cells = new Uint32Array(count);
    for (let i = 0; i < count; i++) {
      cells[i] = toCell(ys[i], y0, spanY) * side + toCell(xs[i], x0, spanX);
      starts[cells[i] + 1]++;
    }
    for (let cell = 0; cell < side * side; cell++) starts[cell + 1] += starts[cell];
    const items = new Uint32Array(count);
    const next = starts.slice();
    for (let i = 0; i < count; i++) items[next[cells[i]]++] = i;

    /** Calls `visit(i)` for every point in the rectangle, edges included. */
    return function search(left, top, right, bottom, visit) {
      const lastColumn = toCell(right, x0, spanX);
      const lastRow = toCell(bottom, y0, spanY);
      for (let row = toCell(top, y0, spanY); row <= lastRow; row++) {
        for (let column = toCell(left, x0, spanX); column <= lastColumn; column++) {
          const cell = row * side + column;
          for (let at = starts[cell]; at < starts[cell + 1]; at++) {
            const i = items[at];
            if (xs[i] >= left && xs[i] <= right && ys[i] >= top && ys[i] <= bottom) visit(i);
          }
        }
      }
    };
  };
})();
