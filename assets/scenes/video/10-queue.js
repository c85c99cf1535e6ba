// Shares few connections fairly among many tiles. A browser has six connections to a host, one of which is the feed's:
// asked for all at once, sixteen pictures would stand in each other's way and in that of everything else.
(() => {
  "use strict";
  const onescreen = (window.onescreen = window.onescreen ?? {});
  const DEFAULTS = {
    lanes: 4, // fetches at once
    perLane: 4, // so many quick cameras need a lane; those that keep others waiting may only have what is left
    everyMs: 1000, // from the beginning of one fetch to that of the next
    retryMs: 4000, // after a failure
    slowMs: 1500, // a camera that took longer is slow until it is quick again
    timeoutMs: 8000,
  };

  /**
   * A queue of what is wanted again and again. `load(key, signal)` fetches; `want(key, take)` has `take(picture, error)`
   * called for every one that comes, until `drop(key)`. Whoever has been due longest is next, so nobody waits for more
   * than one turn of all others; `once` wants a single one, after everything that is due.
   */
  onescreen.createPictureQueue = (load, options) => {
    const settings = { ...DEFAULTS, ...options };
    const entries = new Map();
    let loading = 0;
    let slowLoading = 0;
    let timer = 0;
    let isPaused = false;
    /** What plays holds connections too: one lane is left at least. */
    const lanes = () => Math.max(1, settings.lanes - (onescreen.livePlaces?.stats().lasting ?? 0));
    const now = () => performance.now();

    function want(key, take, { once = false } = {}) {
      const known = entries.get(key);
      if (known) return Object.assign(known, { take, isOnce: known.isOnce && once });
      const entry = { key, take, isOnce: once, dueAt: now(), isSlow: false, controller: null };
      entries.set(key, entry);
      plan();
      return entry;
    }

    function drop(key) {
      const entry = entries.get(key);
      entries.delete(key);
      entry?.controller?.abort();
    }

    /** How many lanes slow cameras may hold: one always, all of them when nobody else needs any. */
    function slowLanes() {
      const quick = [...entries.values()].filter((entry) => !entry.isSlow).length;
      return Math.max(1, lanes() - Math.ceil(quick / settings.perLane));
    }

    const mayStart = (entry, slowMost) => !entry.controller && (!entry.isSlow || slowLoading < slowMost);
    const rank = (a, b) => Number(a.isOnce) - Number(b.isOnce) || a.dueAt - b.dueAt;

    /** Starts what may start, then sleeps until the next is due. */
    function plan() {
      clearTimeout(timer);
      timer = 0;
      if (isPaused) return;
      const slowMost = slowLanes();
      const waiting = [...entries.values()].filter((entry) => mayStart(entry, slowMost)).sort(rank);
      const at = now();
      for (const entry of waiting) {
        if (loading >= lanes()) return; // whoever ends plans again
        if (entry.dueAt <= at && mayStart(entry, slowMost)) start(entry);
      }
      const next = Math.min(...waiting.filter((entry) => !entry.controller).map((entry) => entry.dueAt));
      if (Number.isFinite(next)) timer = setTimeout(plan, Math.max(5, next - at));
    }

    async function start(entry) {
      const controller = (entry.controller = new AbortController());
      const isSlow = entry.isSlow;
      const startedAt = now();
      const limit = setTimeout(() => controller.abort(), settings.timeoutMs);
      loading += 1;
      slowLoading += Number(isSlow);
      let picture = null;
      let error = null;
      try {
        picture = await load(entry.key, controller.signal);
      } catch (failure) {
        error = failure;
      }
      clearTimeout(limit);
      loading -= 1;
      slowLoading -= Number(isSlow);
      finish(entry, startedAt, picture, error);
      plan();
    }

    function finish(entry, startedAt, picture, error) {
      entry.controller = null;
      if (entries.get(entry.key) !== entry) return picture?.bitmap?.close?.(); // nobody wants it any more
      entry.isSlow = now() - startedAt > settings.slowMs;
      entry.dueAt = error ? now() + settings.retryMs : Math.max(startedAt + settings.everyMs, now());
      if (entry.isOnce) entries.delete(entry.key);
      entry.take(picture, error);
    }

    return {
      want,
      drop,
      /** While paused nothing new is asked for; what is under way still arrives. */
      pause(flag) {
        if (isPaused === flag) return;
        isPaused = flag;
        plan();
      },
      close() {
        clearTimeout(timer);
        isPaused = true;
        for (const key of [...entries.keys()]) drop(key);
      },
      stats: () => ({ wanted: entries.size, loading, slowLoading, isPaused }),
    };
  };
})();
