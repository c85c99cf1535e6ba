// A camera played live in an element: asks what is on offer, takes the best that works, watches that pictures move, says
// when they no longer do, and begins anew by itself.
(() => {
  "use strict";
  const onescreen = window.onescreen;
  const BEAT_MS = 500;
  const FIRST_MS = 10000; // for the first picture of one transport
  const STILL_MS = 5000; // pictures that have not moved for so long have stopped
  const PROOF_MS = 3000; // after a loss, they must move for so long: servers give a dead camera's last pictures at once
  const AGAIN_MS = [1000, 2000, 4000, 6000];
  const FAILED_AGAIN_MS = [2000, 5000, 10000, 20000]; // of a camera that never played: nobody misses it
  const NONE_MS = 60000; // until a camera that offers nothing is asked again
  const LOOK_MS = 50; // for the first picture
  const FULL_MS = 5000; // until a place is looked for again
  const DESCRIBE_MS = 10000;
  const LASTING = new Set(["flv", "converted", "mjpeg"]);
  const HEVC = 'video/mp4; codecs="hvc1.1.6.L93.B0"';

  const canShowHevc = () => Boolean(window.MediaSource?.isTypeSupported?.(HEVC));

  async function offersOf(id, signal) {
    const query = canShowHevc() ? "?h265=1" : "";
    const response = await fetch(`/media/${encodeURIComponent(id)}/stream.json${query}`, { signal, cache: "no-store" });
    if (!response.ok) throw new Error(String(response.status));
    return (await response.json()).live;
  }

  /**
   * Plays camera `id` into `host`. `changed(state)` is told `{phase, transport, since, reason}`; phase is `connecting`,
   * `playing`, `lost` (it played until `since`, real time), `failed` (it never did), `full` (no place) or `none` (nothing
   * is on offer). `close()` ends it.
   */
  onescreen.createLive = (id, host, changed, { rank = 0 } = {}) => {
    let player = null;
    let place = null;
    let timer = 0;
    let tries = 0;
    let movedAt = null; // real time
    let position = NaN;
    let run = 0; // what belongs to an earlier one comes too late
    let state = { phase: "connecting", transport: "", since: null, reason: "" };
    let controller = null;

    function tell(phase, more = {}) {
      const next = { ...state, reason: "", ...more, phase, since: movedAt };
      const isNews = next.phase !== state.phase || next.transport !== state.transport;
      state = next;
      if (isNews) changed(state);
    }

    function drop() {
      run += 1;
      clearTimeout(timer);
      controller?.abort();
      player?.close();
      player = null;
      if (place) onescreen.livePlaces.leave(place);
      place = null;
      position = NaN;
    }

    function later(ms) {
      clearTimeout(timer);
      timer = setTimeout(begin, ms);
    }

    function lose(reason) {
      drop();
      const waits = movedAt === null ? FAILED_AGAIN_MS : AGAIN_MS;
      forNow(movedAt === null ? "failed" : "lost", waits[Math.min(tries, waits.length - 1)], reason);
      tries += 1;
    }

    function forNow(phase, ms, reason = "") {
      tell(phase, { transport: "", reason });
      later(ms);
    }

    async function begin() {
      drop();
      const mine = run;
      controller = new AbortController();
      const limit = setTimeout(() => controller.abort(), DESCRIBE_MS);
      let offers;
      try {
        offers = await offersOf(id, controller.signal);
      } catch (error) {
        if (mine !== run) return;
        if (error.message === "404" && movedAt === null) forNow("none", NONE_MS);
        else lose(error.message);
        return;
      } finally {
        clearTimeout(limit);
      }
      if (mine === run) await choose(offers.filter(({ transport }) => transport in onescreen.livePlayers), mine);
    }

    async function choose(offers, mine) {
      let reason = "";
      let isFull = false;
      for (const offer of offers) {
        place = onescreen.livePlaces.take({ rank, isLasting: LASTING.has(offer.transport), giveUp });
        isFull = isFull || !place;
        if (!place) continue;
        reason = await attempt(offer, mine);
        if (mine !== run || !reason) return;
        player?.close();
        player = null;
        onescreen.livePlaces.leave(place);
        place = null;
      }
      if (reason) return lose(reason);
      if (isFull) forNow("full", FULL_MS);
      else forNow("none", NONE_MS);
    }

    /** Tries one transport: "" once its pictures move, else why they don't. */
    async function attempt({ transport, address }, mine) {
      let failed = "";
      const fail = (reason) => {
        failed ||= reason || "failed";
        if (mine === run && state.phase === "playing") lose(failed);
      };
      try {
        const made = await onescreen.livePlayers[transport](address, fail);
        if (mine !== run) return made.close() ?? "late";
        player = made;
      } catch (error) {
        return error.message || "failed";
      }
      host.append(player.element);
      const isProven = await moves(player, movedAt === null ? 0 : PROOF_MS, () => failed || mine !== run);
      if (!isProven || failed || mine !== run) return failed || "timeout";
      tries = 0;
      movedAt = onescreen.realTime();
      position = player.position();
      tell("playing", { transport });
      return "";
    }

    /** Whether pictures come within FIRST_MS, and `lastingMs` after the first one more are still arriving. */
    async function moves({ position, arrived }, lastingMs, isOver) {
      const start = position();
      let until = onescreen.realTime() + FIRST_MS;
      let [known, firstAt] = [arrived(), null];
      while (!isOver() && onescreen.realTime() < until) {
        const now = onescreen.realTime();
        if (firstAt === null && position() > start) {
          firstAt = now;
          until = now + lastingMs + STILL_MS;
        }
        const isMore = arrived() > known;
        known = Math.max(known, arrived());
        if (firstAt !== null && (!lastingMs || (isMore && now - firstAt >= lastingMs))) return true;
        await new Promise((done) => setTimeout(done, LOOK_MS));
      }
      return false;
    }

    function giveUp() {
      place = null;
      drop();
      forNow("full", FULL_MS);
    }

    /** Twice a second: do the pictures move? */
    function beat() {
      if (state.phase !== "playing" || !player) return;
      const now = onescreen.realTime();
      if (player.position() !== position) {
        position = player.position();
        movedAt = now;
      } else if (now - movedAt > STILL_MS) lose("still");
    }

    const beating = setInterval(beat, BEAT_MS);
    begin();
    return {
      state: () => state,
      close() {
        clearInterval(beating);
        drop();
      },
    };
  };
})();
