// The clock of the rounds (轮巡): which page is shown is a function of the server's time, so that all walls of a group
// show the same one without talking to each other. Touching holds it; left alone, it goes on.
(() => {
  "use strict";
  const onescreen = (window.onescreen = window.onescreen ?? {});
  const IDLE_MS = 20000;

  /** The page at a city time, and how much of its time has passed (0 … 1). A page lasts `dwellMs` of city time. */
  onescreen.videoPageAt = (cityMs, dwellMs, pages, offset = 0) => {
    if (!pages || !(dwellMs > 0)) return { page: 0, share: 0 };
    const turns = Math.floor(cityMs / dwellMs);
    return { page: (((turns + offset) % pages) + pages) % pages, share: cityMs / dwellMs - turns };
  };

  /** Rounds over `set(pages, dwellS)`; `held()` says since when and until when nothing turns (real time). */
  onescreen.createRounds = () => {
    let pages = 0;
    let dwellMs = 1000;
    let offset = 0; // by how many pages this screen differs from the others, since somebody turned it by hand
    let heldPage = null;
    let heldUntil = 0;
    const isHeld = () => onescreen.realTime() < heldUntil;
    const clock = () => onescreen.videoPageAt(onescreen.tools.now(), dwellMs, pages, offset);

    /** Going on: a wall falls into step with the others again, a reader goes on from where he is. */
    function release() {
      if (heldPage === null) return;
      const isWall = document.documentElement.dataset.chrome === "none";
      const base = onescreen.videoPageAt(onescreen.tools.now(), dwellMs, pages).page;
      offset = isWall ? 0 : heldPage - base;
      heldPage = null;
      heldUntil = 0;
    }

    return {
      set(count, dwellS) {
        pages = count;
        dwellMs = dwellS * 1000 * (onescreen.settings?.speed ?? 1);
        if (heldPage !== null) heldPage = pages ? Math.min(heldPage, pages - 1) : null;
      },
      restart() {
        offset = 0;
        heldPage = null;
        heldUntil = 0;
      },
      /** Holds the page now shown; for ever with `Infinity`. A touch never shortens a longer hold. */
      hold(ms = IDLE_MS) {
        heldPage ??= clock().page;
        heldUntil = Math.max(heldUntil, onescreen.realTime() + ms);
      },
      release,
      /** Turns by hand, and holds there. */
      turn(step) {
        const from = heldPage ?? clock().page;
        heldPage = pages ? (from + step + pages) % pages : 0;
        heldUntil = Math.max(heldUntil, onescreen.realTime() + IDLE_MS);
      },
      /** `{page, next, share, leftS, isHeld, heldS}` of now. */
      now() {
        if (heldPage !== null && !isHeld()) release();
        const { page, share } = heldPage === null ? clock() : { page: heldPage, share: 0 };
        const heldS = isHeld() ? (heldUntil - onescreen.realTime()) / 1000 : 0;
        const leftS = ((1 - share) * dwellMs) / (1000 * (onescreen.settings?.speed ?? 1));
        return { page, next: pages ? (page + 1) % pages : 0, share, leftS, isHeld: heldPage !== null, heldS };
      },
    };
  };
})();
