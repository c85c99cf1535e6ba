// Pages of the camera wall, asked for one at a time and one ahead.
(() => {
  "use strict";
  const onescreen = window.onescreen;
  const KEPT_MS = 30000;
  const TIMEOUT_MS = 10000;

  /** `ask(query, page)` → the values of a page, null when they can't be had; the last two are kept. */
  onescreen.createVideoPages = () => {
    const kept = new Map(); // address → {at, values}
    const asking = new Map(); // address → promise

    async function fetchPage(address) {
      try {
        const response = await fetch(address, { signal: AbortSignal.timeout(TIMEOUT_MS), cache: "no-store" });
        const values = response.ok ? (await response.json()).panel.values : null;
        if (values) keep(address, values);
        return values;
      } catch {
        return null; // the line is lost or slow: the wall keeps what it shows and asks again
      } finally {
        asking.delete(address);
      }
    }

    function keep(address, values) {
      kept.delete(address);
      kept.set(address, { at: onescreen.realTime(), values });
      while (kept.size > 2) kept.delete(kept.keys().next().value);
    }

    function addressOf(query, size, page) {
      return `/api/panels/video-wall?${new URLSearchParams({ ...query, layout: size, page })}`;
    }

    return {
      ask(query, size, page, { isFresh = false } = {}) {
        const address = addressOf(query, size, page);
        const known = kept.get(address);
        if (!isFresh && known && onescreen.realTime() - known.at < KEPT_MS) return Promise.resolve(known.values);
        if (!asking.has(address)) asking.set(address, fetchPage(address));
        return asking.get(address);
      },
    };
  };
})();
