// Places for what plays: few on a page, because each costs the processor, and few lasting connections in a browser, because
// it has six to a host, shared by all its tabs. One stays free for everything that is asked and answered.
(() => {
  "use strict";
  const onescreen = window.onescreen;
  const CONNECTIONS = 6;
  const KEPT_FREE = 1;
  const PAGE = "onescreen-page";
  const BEAT_MS = 3000;
  const most = () => onescreen.settings?.live?.per_page ?? 4;
  const players = new Set(); // {rank, isLasting, giveUp}
  let pages = 1; // open in this browser, as far as it tells: each has its feed's connection

  async function countPages() {
    const { held } = await navigator.locks.query();
    pages = Math.max(1, held.filter(({ name }) => name === PAGE).length);
    shrink();
  }

  // Only secure pages have locks (https, or this machine): elsewhere each page counts for itself.
  if (navigator.locks) {
    navigator.locks.request(PAGE, { mode: "shared" }, () => new Promise(() => null)).catch(() => null);
    setInterval(() => countPages().catch(() => null), BEAT_MS);
    countPages().catch(() => null);
  }

  /** Lasting connections that streams of this page may hold; the pages of a browser share what is left by their feeds. */
  const lasting = () => Math.max(0, Math.floor((CONNECTIONS - KEPT_FREE - pages) / pages));
  const used = () => [...players].filter(({ isLasting }) => isLasting).length;
  const lowest = (wanted) => wanted.reduce((low, each) => (!low || each.rank < low.rank ? each : low), null);

  function shrink() {
    while (used() > lasting()) lose(lowest([...players].filter(({ isLasting }) => isLasting)));
  }

  function lose(player) {
    players.delete(player);
    player.giveUp();
  }

  /** Makes room by taking a place from what ranks lower; false when nothing does. */
  function makeRoom(candidates, rank) {
    const weakest = lowest(candidates);
    if (!weakest || weakest.rank >= rank) return false;
    lose(weakest);
    return true;
  }

  onescreen.livePlaces = {
    /** A place, null when there is none. `giveUp` is called when somebody of higher `rank` needs it. */
    take({ rank, isLasting, giveUp }) {
      const player = { rank, isLasting, giveUp };
      const streams = [...players].filter((each) => each.isLasting);
      if (isLasting && used() >= lasting() && !makeRoom(streams, rank)) return null;
      if (players.size >= most() && !makeRoom([...players], rank)) return null;
      players.add(player);
      return player;
    },
    leave: (player) => players.delete(player),
    stats: () => ({ playing: players.size, lasting: used(), mayLast: lasting(), pages }),
  };
})();
