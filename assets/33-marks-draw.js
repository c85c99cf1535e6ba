// Draws the marks: everything in slices when the view changes, only the touched rectangles when a frame changes marks.
(function () {
  "use strict";
  const onescreen = (window.onescreen = window.onescreen || {});

  /** From bottom to top; overdue cases lie above other cases by their rank. */
  onescreen.MARK_ORDER = ["place", "camera", "sensor", "officer", "case", "alarm"];
  const YIELD_EVERY = 1024;
  const PATCH_LIMIT = 2500; // touched places; more of them cost more than drawing everything
  const THIN_ABOVE = 40000; // marks of one kind in view
  const CELL_PX = 5;
  const PATCHES_PER_YIELD = 3 * 8;

  /** Design pixels follow the root font size, as all of the wall does. */
  const designScale = (onescreen.designScale = () => parseFloat(getComputedStyle(document.documentElement).fontSize) / 16 || 1);

  /** Indices of a table in drawing order: by rank of state, then by number. */
  function ordered(table) {
    const starts = new Uint32Array(onescreen.RANKS + 1);
    for (let i = 0; i < table.count; i++) starts[onescreen.rankOfState(table.state[i]) + 1]++;
    for (let rank = 0; rank < onescreen.RANKS; rank++) starts[rank + 1] += starts[rank];
    const order = new Uint32Array(table.count);
    for (let i = 0; i < table.count; i++) order[starts[onescreen.rankOfState(table.state[i])]++] = i;
    return order;
  }

  /** The layer: `redraw()`, `setVisible(kind, flag)`, `whenDrawn(callback)`, `thinning()` = {kind: marks per sign}. */
  onescreen.createMarksLayer = function (map, marks, pane, thinAbove = THIN_ABOVE) {
    const hidden = new Set();
    const slices = onescreen.createSlices();
    let pixels = null;
    let current = null; // {view, world, sprites} of the picture being drawn or shown
    let touched = [];
    let waiters = [];
    let isScheduled = false;
    let isStale = false;
    const stats = { fullMs: 0, patchMs: 0, drawn: 0, fulls: 0 };
    const sheet = onescreen.createSheet(map, pane, drawAll);

    function prepare(view) {
      const width = Math.round(view.width * view.ratio);
      const height = Math.round(view.height * view.ratio);
      if (!pixels || pixels.width !== width || pixels.height !== height) pixels = onescreen.createPixels(width, height);
      else pixels.clearAll();
      const sprites = onescreen.sprites(view.zoom, designScale() * view.ratio);
      current = { view, world: onescreen.worldSize(view.zoom), sprites, thinned: {} };
    }

    function drawAll(view) {
      const startedAt = performance.now();
      touched = [];
      isStale = false;
      slices.start(paintAll(view), () => {
        sheet.show(view, (context) => context.putImageData(pixels.image, 0, 0));
        stats.fullMs = performance.now() - startedAt;
        stats.fulls += 1;
        onescreen.emit("thinned", current.thinned);
        settle();
      });
    }

    function* paintAll(view) {
      prepare(view);
      yield;
      stats.drawn = 0;
      for (const kind of onescreen.MARK_ORDER) {
        const table = marks.table(kind);
        if (table && table.count && !hidden.has(kind)) yield* paintKind(kind, table);
      }
    }

    function* paintKind(kind, table) {
      const order = ordered(table);
      yield;
      const chosen = inView(kind, table, order);
      yield;
      const signs = current.sprites.signs(kind);
      const { view, world } = current;
      const { width, height, blit } = pixels;
      for (let at = 0; at < chosen.length; at++) {
        const i = chosen[at];
        const x = (table.x[i] * world - view.x) * view.ratio;
        const y = (table.y[i] * world - view.y) * view.ratio;
        blit(signs[table.state[i] & 31], x, y, 0, 0, width, height);
        if (at % YIELD_EVERY === 0) yield;
      }
      stats.drawn += chosen.length;
    }

    /** The marks to draw, in order; above the limit one per cell, the worst one, so that no bad state is thinned away. */
    function inView(kind, table, order) {
      const { view, world, sprites } = current;
      const reach = sprites.reach(kind) / view.ratio;
      const box = [view.x - reach, view.y - reach, view.x + view.width + reach, view.y + view.height + reach];
      const [left, top, right, bottom] = box.map((px) => px / world);
      const chosen = order.filter((i) => table.x[i] >= left && table.x[i] <= right && table.y[i] >= top && table.y[i] <= bottom);
      if (chosen.length <= thinAbove) return chosen;
      const kept = worstPerCell(table, chosen, world, box);
      current.thinned[kind] = chosen.length / kept.length;
      return kept;
    }

    /** Of marks in drawing order the last of each cell; all of them lie in the rectangle, given in world pixels.
     *  Cells are fixed to the world, not to the view, so panning does not make them flicker. */
    function worstPerCell(table, chosen, world, [left, top, right, bottom]) {
      const firstColumn = Math.floor(left / CELL_PX);
      const firstRow = Math.floor(top / CELL_PX);
      const columns = Math.floor(right / CELL_PX) - firstColumn + 1;
      const taken = new Uint8Array(columns * (Math.floor(bottom / CELL_PX) - firstRow + 1));
      const kept = [];
      for (let at = chosen.length - 1; at >= 0; at--) {
        const i = chosen[at];
        const column = Math.floor((table.x[i] * world) / CELL_PX) - firstColumn;
        const row = Math.floor((table.y[i] * world) / CELL_PX) - firstRow;
        const cell = row * columns + column;
        if (taken[cell]) continue;
        taken[cell] = 1;
        kept.push(i);
      }
      return kept.reverse();
    }

    function schedule() {
      if (isScheduled) return;
      isScheduled = true;
      onescreen.beforeNextPicture(flush);
    }

    function flush() {
      isScheduled = false;
      if (slices.isBusy() || !sheet.view()) return;
      if (isStale || touched.length > PATCH_LIMIT * 3) return sheet.force();
      const startedAt = performance.now();
      slices.start(patchAll(), () => {
        stats.patchMs = performance.now() - startedAt;
        settle();
      });
    }

    /** What arrived while drawing is drawn next; else everything known is on the screen. */
    function settle() {
      if (touched.length || isStale) schedule();
      else release();
    }

    function* patchAll() {
      const { view, world, sprites } = current;
      const work = touched;
      touched = [];
      for (let at = 0; at < work.length; at += 3) {
        const x = (work[at] * world - view.x) * view.ratio;
        const y = (work[at + 1] * world - view.y) * view.ratio;
        const cell = current.thinned[work[at + 2]] ? CELL_PX * view.ratio : 0; // another mark may speak for the cell now
        patch(x, y, sprites.reach(work[at + 2]) + cell);
        if (at % PATCHES_PER_YIELD === 0) yield;
      }
    }

    function patch(x, y, reach) {
      const left = Math.max(0, Math.floor(x - reach));
      const top = Math.max(0, Math.floor(y - reach));
      const right = Math.min(pixels.width, Math.ceil(x + reach) + 1);
      const bottom = Math.min(pixels.height, Math.ceil(y + reach) + 1);
      if (left >= right || top >= bottom) return;
      pixels.clear(left, top, right, bottom);
      for (const kind of onescreen.MARK_ORDER) if (!hidden.has(kind)) patchKind(kind, left, top, right, bottom);
      sheet.context.putImageData(pixels.image, 0, 0, left, top, right - left, bottom - top);
    }

    function patchKind(kind, left, top, right, bottom) {
      const table = marks.table(kind);
      if (!table) return;
      const { view, world, sprites } = current;
      const isThinned = Boolean(current.thinned[kind]);
      const reach = sprites.reach(kind) + (isThinned ? CELL_PX * view.ratio : 0);
      const box = [left - reach, top - reach, right + reach, bottom + reach];
      const inWorldPx = box.map((px, side) => px / view.ratio + (side % 2 ? view.y : view.x));
      const found = [];
      marks.search(kind, ...inWorldPx.map((px) => px / world), (i) => found.push(i));
      found.sort((a, b) => onescreen.rankOfState(table.state[a]) - onescreen.rankOfState(table.state[b]) || a - b);
      const signs = sprites.signs(kind);
      for (const i of isThinned ? worstPerCell(table, found, world, inWorldPx) : found) {
        const x = (table.x[i] * world - view.x) * view.ratio;
        const y = (table.y[i] * world - view.y) * view.ratio;
        pixels.blit(signs[table.state[i] & 31], x, y, left, top, right, bottom);
      }
    }

    function release() {
      const ready = waiters;
      waiters = [];
      for (const callback of ready) callback();
    }

    function redraw() {
      isStale = true;
      schedule();
    }

    const listener = {
      onReplace: redraw,
      onChange(kind, points) {
        if (hidden.has(kind)) return;
        for (let at = 0; at < points.length; at += 2) touched.push(points[at], points[at + 1], kind);
        schedule();
      },
    };
    marks.listeners.add(listener);

    return {
      sheet,
      stats,
      redraw,
      isVisible: (kind) => !hidden.has(kind),
      /** How near a pointer must come to a mark of this kind, in CSS pixels. */
      reach: (kind, least) => (current ? Math.max(least, current.sprites.reach(kind) / current.view.ratio - 2) : least),
      setVisible(kind, flag) {
        if (flag) hidden.delete(kind);
        else hidden.add(kind);
        redraw();
      },
      /** Calls back once everything known so far is on the screen. */
      whenDrawn(callback) {
        if (sheet.view() && !slices.isBusy() && !isScheduled) callback();
        else waiters.push(callback);
      },
      remove() {
        marks.listeners.delete(listener);
        slices.stop();
        sheet.remove();
        release();
      },
    };
  };
})();
