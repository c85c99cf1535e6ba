// The feed: takes a snapshot the moment this script loads, then follows /api/feed for as long as the page lives.
// It never gives up: silence becomes `<html data-feed="lost">`, and every way of losing the line leads back to `follow`.
(function () {
  "use strict";
  const onescreen = (window.onescreen = window.onescreen || {});

  // A beat comes every 10 s. Silence is judged once a second, and the band must be up within 25 s.
  const TIMING = { silence_ms: 23000, watch_ms: 1000, snapshot_ms: 20000, backoff_ms: 1000, backoff_most_ms: 10000 };

  const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

  /** Doubles from 1 s to 10 s, half of it jitter, so that a hundred walls do not come back in the same instant. */
  function backoff(failures, timing) {
    const longest = Math.min(timing.backoff_ms * 2 ** Math.min(failures, 10), timing.backoff_most_ms);
    return longest * (0.5 + Math.random() / 2);
  }

  /** One feed; `sink` is told {onSnapshot(buffer), onFrame(frame), onBeat(beat), onScene(scene), onLost(silentSince), onHeard(), lastSeq(), scenes()}. */
  onescreen.createFeed = function (sink, overrides) {
    const timing = { ...TIMING, ...overrides };
    let heardAt = onescreen.realTime();
    let isLost = false;
    let wantsSnapshot = true;
    let abandon = null; // ends the connection or the request that is under way
    let change = null; // has the connection ask for other scenes

    function heard() {
      heardAt = onescreen.realTime();
      isLost = false;
      sink.onHeard();
    }

    async function takeSnapshot() {
      const controller = new AbortController();
      abandon = () => controller.abort();
      const timer = setTimeout(abandon, timing.snapshot_ms);
      try {
        const response = await fetch("/api/snapshot", { signal: controller.signal });
        if (!response.ok) throw new Error("the snapshot answered " + response.status);
        const body = await response.arrayBuffer();
        await sink.onSnapshot(body);
        wantsSnapshot = false;
        heard();
      } finally {
        clearTimeout(timer);
        abandon = null;
      }
    }

    const address = () => {
      const scenes = sink.scenes?.() ?? [];
      return "/api/feed?after=" + sink.lastSeq() + (scenes.length ? "&scenes=" + scenes.join() : "");
    };

    /**
     * Follows the feed until its connection breaks, is abandoned or asks for a new snapshot; true when it said anything.
     * Other scenes need another connection: it takes over with its first word, so that nothing is missed between the two.
     */
    function follow() {
      return new Promise((resolve) => {
        let said = false;
        let events = null; // the connection that is listened to
        let next = null; // the one that is about to take over

        const end = () => {
          abandon = change = null;
          events?.close();
          next?.close();
          resolve(said);
        };
        const isCurrent = (source) => {
          if (source === next) {
            events?.close();
            [events, next] = [source, null];
          }
          return source === events;
        };

        function connect() {
          const source = new EventSource(address());
          const on = (name, handle) =>
            source.addEventListener(name, (event) => {
              if (!isCurrent(source)) return;
              said = true;
              heard();
              handle(event.data);
            });
          // The browser's own retry cannot be bounded and stops for good after an HTTP error: ours replaces it.
          source.onerror = end;
          on("frame", (data) => guard(() => sink.onFrame(JSON.parse(data)), end));
          on("scene", (data) => guard(() => sink.onScene(JSON.parse(data)), end));
          on("beat", (data) => guard(() => sink.onBeat(JSON.parse(data)), end));
          on("reset", () => {
            wantsSnapshot = true;
            end();
          });
          return source;
        }

        abandon = end;
        change = () => {
          next?.close();
          next = connect();
        };
        events = connect();
      });
    }

    /** What cannot be applied (a torn frame, a server whose numbers went back) leaves holes in the picture: only a whole snapshot mends them. */
    function guard(apply, end) {
      try {
        apply();
      } catch (error) {
        console.error("onescreen: an event could not be applied, taking a new snapshot", error);
        wantsSnapshot = true;
        end();
      }
    }

    async function run() {
      let failures = 0;
      for (;;) {
        try {
          if (wantsSnapshot) await takeSnapshot();
          failures = (await follow()) && !wantsSnapshot ? 0 : failures + 1;
        } catch (error) {
          failures += 1;
          // The first failure of a series is worth a line; the band shows the rest.
          if (failures === 1) console.warn("onescreen: no snapshot yet", String(error));
        }
        await pause(backoff(failures - 1, timing));
      }
    }

    function watch() {
      heardAt = Math.min(heardAt, onescreen.realTime()); // a clock set back must not hide the silence
      if (onescreen.realTime() - heardAt < timing.silence_ms) return;
      if (!isLost) {
        isLost = true;
        sink.onLost(heardAt);
      }
      // A dead TCP connection stays "open" for hours, so it is dropped, once per silence.
      heardAt = onescreen.realTime() - timing.silence_ms / 2;
      if (abandon) abandon();
    }

    setInterval(watch, timing.watch_ms);
    // Timers sleep with a hidden tab or a closed laptop; waking up must not show an old picture for another second.
    document.addEventListener("visibilitychange", watch);
    window.addEventListener("online", watch);
    run();
    return {
      /** Ask for the scenes that are wanted now; a connection made later asks for them anyway. */
      refollow: () => change?.(),
    };
  };
})();
