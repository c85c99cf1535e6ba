// Which tiles of the wall play: those of a page of one or four, once the page has been shown for a moment, because every
// start makes a platform work and a hand that leafs through pages wants pictures, not streams.
(() => {
  "use strict";
  const onescreen = window.onescreen;
  const SIZES = new Set([1, 4]);
  const SETTLED_MS = 1500;
  const RETRY_MS = 15000;

  /** `show(tiles, {size, isSeen, since})` is called at every beat; `since`: real time at which the page was turned to. */
  onescreen.createWallLive = () => {
    let failedAt = -Infinity;

    function isLoaded() {
      if (onescreen.createLive) return true;
      if (onescreen.realTime() - failedAt < RETRY_MS || !onescreen.loadBundle) return false;
      onescreen.loadBundle("live").catch(() => (failedAt = onescreen.realTime()));
      return false;
    }

    return {
      show(tiles, { size, isSeen, since }) {
        const most = SIZES.has(size) ? (onescreen.settings?.live?.per_page ?? 0) : 0;
        const isSettled = onescreen.realTime() - since > SETTLED_MS;
        const isWanted = isSeen && isSettled && most > 0 && isLoaded();
        tiles.forEach((tile, place) => tile.play(isWanted && place < most));
      },
    };
  };

  /** The live half of a tile: `play(id)` and `state()`, null while nothing is to be played. */
  onescreen.createTileLive = (element, changed) => {
    let live = null;
    let playing = null;

    function play(id) {
      if (id === playing) return;
      playing = id;
      live?.close();
      live = null;
      if (id) live = onescreen.createLive(id, element, tell);
      tell();
    }

    function tell() {
      onescreen.tools.set(element, { "data-live": live?.state().phase ?? (playing ? "connecting" : null) });
      changed();
    }

    return { play, state: () => live?.state() ?? null, isPlaying: () => live?.state().phase === "playing" };
  };
})();
