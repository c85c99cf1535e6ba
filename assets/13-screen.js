// Puts what the feed says on the screen: clock, panels and marks; then says on <html> which frame is shown.
(function () {
  "use strict";
  const onescreen = (window.onescreen = window.onescreen || {});
  const root = document.documentElement;
  const SLICE_MS = 8;
  const FIRST_SLICE_MS = 100;
  const MOUNT_MS = 15000;
  const BEATS_BEHIND = 2;

  let seq = 0;
  let release = null;
  let beatsBehind = 0; // beats in a row whose seq is older than ours
  let oldestAt = null; // oldest change applied since the last announcement
  const waiting = new Map(); // panel key → wire panel not yet drawn, merged
  let isScheduled = false;
  let isLost = false;
  const startedAt = onescreen.realTime();

  /** Runs before the next picture; a hidden page gets no pictures but must not fall behind. */
  onescreen.beforeNextPicture = function (work) {
    if (document.hidden) setTimeout(work, 50);
    else requestAnimationFrame(work);
  };

  /** How long drawing may go on at a stretch: hardly at all while people watch; before there is anything to watch, each
   *  pause only costs another layout of the whole page. */
  onescreen.sliceMs = () => (root.dataset.seq ? SLICE_MS : FIRST_SLICE_MS);

  /** Later values replace earlier ones key by key, as a frame carries only the keys that changed. */
  function mergePanel(before, after) {
    return before ? { ...after, values: { ...before.values, ...after.values } } : after;
  }

  function collect(panels) {
    for (const [key, panel] of Object.entries(panels || {})) waiting.set(key, mergePanel(waiting.get(key), panel));
    schedule();
  }

  function schedule() {
    if (isScheduled) return;
    isScheduled = true;
    onescreen.beforeNextPicture(draw);
  }

  /** Before Dash has built the page there is nothing to draw into; a page without panels does not wait for ever. */
  function isMounted() {
    const isBuilt = onescreen.applyPanel && document.querySelector("[data-panel]");
    return isBuilt || onescreen.realTime() - startedAt > MOUNT_MS;
  }

  function draw() {
    isScheduled = false;
    if (!isMounted()) return schedule();
    const until = performance.now() + onescreen.sliceMs();
    for (const [key, panel] of waiting) {
      if (performance.now() > until) return schedule();
      waiting.delete(key);
      drawPanel(key, panel);
    }
    announceWhenDrawn();
  }

  /** One broken panel must not keep the others from the screen. */
  function drawPanel(key, panel) {
    try {
      if (onescreen.applyPanel) onescreen.applyPanel(key, panel);
      onescreen.emit("panel", { key, values: panel.values || {} });
    } catch (error) {
      console.error("onescreen: panel " + key + " failed to draw", error);
    }
  }

  function announceWhenDrawn() {
    const shown = { seq, oldestAt };
    oldestAt = null;
    const announce = () => {
      root.dataset.seq = shown.seq;
      if (shown.oldestAt !== null) root.dataset.frameAt = shown.oldestAt;
      if (!isLost) root.dataset.feed = "live";
    };
    const map = onescreen.map;
    if (map && map.isExpected()) map.whenDrawn(announce);
    else announce();
  }

  function noteFrame(frame) {
    seq = frame.seq;
    beatsBehind = 0;
    if (frame.oldest_at != null) oldestAt = Math.min(oldestAt ?? Infinity, frame.oldest_at);
  }

  /** All scripts of the page have run, so panels, marks and map are there to be filled. */
  const scriptsLoaded = new Promise((resolve) => {
    if (document.readyState !== "loading") resolve();
    else document.addEventListener("DOMContentLoaded", resolve, { once: true });
  });

  async function onSnapshot(buffer) {
    await scriptsLoaded;
    const { header, marks } = onescreen.decodeSnapshot(buffer);
    const settings = onescreen.settings || {};
    onescreen.clock.setSpeed(settings.speed);
    onescreen.clock.sample(header.at);
    noteRelease(settings.release || header.release, header.release);
    waiting.clear();
    onescreen.marks.replace(marks);
    noteFrame(header);
    collect(header.panels);
  }

  function onFrame(frame) {
    if (frame.seq < seq) return; // an older frame never overwrites a newer picture
    for (const [kind, { put, remove }] of Object.entries(frame.marks || {})) {
      onescreen.marks.apply(kind, put ? onescreen.decodePut(put) : [], remove ? onescreen.decodeRemoved(remove) : []);
    }
    noteFrame(frame);
    collect(frame.panels);
  }

  let scenes = []; // followed beside the overview

  /** Panels of a scene: whole when it is first followed, then what changed. Its ages move without a beat. */
  function onScene({ scene, panels, as_of: ages }) {
    if (!scenes.includes(scene)) return; // left meanwhile
    onescreen.scenes.onTold(scene, panels);
    collect(panels);
    if (ages && onescreen.applyAges) onescreen.applyAges(ages);
  }

  /** Have the feed tell the panels of these scenes, and of no others. */
  onescreen.followScenes = (wanted) => {
    if (wanted.join() === scenes.join()) return;
    for (const scene of scenes) {
      if (!wanted.includes(scene)) onescreen.scenes.own(scene).forEach((key) => waiting.delete(key));
    }
    scenes = wanted;
    onescreen.feed?.refollow();
  };

  /** A server that stays behind us had its store replaced: every frame of it would be taken for an old one. */
  function noteBeat(beat) {
    beatsBehind = beat.seq < seq ? beatsBehind + 1 : 0;
    if (beatsBehind >= BEATS_BEHIND) throw new Error(`the server is at ${beat.seq}, this screen at ${seq}`);
  }

  function onBeat(beat) {
    onescreen.clock.sample(beat.at);
    noteBeat(beat);
    noteRelease(release || beat.release, beat.release);
    const ages = Object.entries(beat.as_of || {});
    if (ages.length && onescreen.applyAges) onescreen.applyAges(beat.as_of);
  }

  function noteRelease(own, current) {
    release = own;
    if (own && current && own !== current) onescreen.reloadFor(current);
  }

  function onLost(silentSince) {
    isLost = true;
    onescreen.lostSince = silentSince; // real time of the last word, which is when the picture began to age
    root.dataset.feed = "lost";
  }

  function onHeard() {
    if (!isLost) return;
    isLost = false;
    schedule(); // becomes live again with the picture that shows it
  }

  onescreen.feed = onescreen.createFeed(
    { onSnapshot, onFrame, onScene, onBeat, onLost, onHeard, lastSeq: () => seq, scenes: () => scenes },
    (onescreen.settings || {}).feed_timing,
  );
})();
