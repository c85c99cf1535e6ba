// Put into every measured page before its own scripts: notes when things are on screen, how late frames are, and how
// long the browser's tasks last. Python reads `window.probe`.
(() => {
  "use strict";
  const probe = (window.probe = { seen: {}, lags: [], tasks: [], frames: 0 });
  const wanted = {};

  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) probe.tasks.push([startTime, duration]);
  }).observe({ type: "longtask", buffered: true });

  /** Notes milliseconds since navigation at which `condition` first held and was painted. */
  probe.expect = (name, condition) => (wanted[name] = condition);

  function look() {
    for (const [name, condition] of Object.entries(wanted)) {
      if (!holds(condition)) continue;
      delete wanted[name];
      requestAnimationFrame(() => setTimeout(() => (probe.seen[name] = performance.now()), 0));
    }
    probe.frames += 1;
    requestAnimationFrame(look);
  }

  function holds(condition) {
    try {
      return condition();
    } catch {
      return false; // the page is not that far yet
    }
  }
  requestAnimationFrame(look);

  /** Notes how old each new value of an attribute or text is, in seconds; it holds epoch milliseconds. */
  probe.follow = (root, read, options) => {
    let last = "";
    new MutationObserver(() => {
      const shown = read();
      if (!shown || shown === last) return;
      last = shown;
      requestAnimationFrame(() => probe.lags.push((Date.now() - Number(shown)) / 1000));
    }).observe(root, options);
  };

  /** Moves the map to and fro over more than its margin for so many seconds; resolves to frames per second. */
  probe.pan = (map, seconds) =>
    new Promise((done) => {
      const STEP = 14;
      const TURN = 60;
      const startedAt = performance.now();
      let frames = 0;
      function step() {
        const forth = Math.floor(frames / TURN) % 2 ? -1 : 1;
        map.panBy([STEP * forth, (STEP / 2) * forth], { animate: false });
        frames += 1;
        const passed = (performance.now() - startedAt) / 1000;
        if (passed < seconds) requestAnimationFrame(step);
        else done(frames / passed);
      }
      requestAnimationFrame(step);
    });
})();
