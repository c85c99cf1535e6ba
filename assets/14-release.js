// A new release reloads the page: once per release, spread over some seconds so that all walls do not ask at once.
(function () {
  "use strict";
  const onescreen = (window.onescreen = window.onescreen || {});
  const KEY = "onescreen-reloaded-for";
  const AGAIN_AFTER_MS = 600000;
  const SPREAD_MS = 5000;
  let isUnderWay = false;

  function remembered() {
    try {
      return JSON.parse(sessionStorage.getItem(KEY)) || {};
    } catch {
      return {};
    }
  }

  /** A page that came back with the old release (a cache, one of two servers) must not reload for ever. */
  function mayReload(release) {
    const { release: last, at } = remembered();
    return last !== release || onescreen.realTime() - at > AGAIN_AFTER_MS;
  }

  /** Reloads for `release`, unless that was just done; `<html data-reloading>` lets the page say so. */
  onescreen.reloadFor = function (release) {
    if (isUnderWay || !mayReload(release)) return;
    try {
      sessionStorage.setItem(KEY, JSON.stringify({ release, at: onescreen.realTime() }));
    } catch {
      return; // without memory there is no guard against a loop
    }
    isUnderWay = true;
    document.documentElement.dataset.reloading = release;
    const timing = (onescreen.settings || {}).feed_timing || {};
    setTimeout(() => location.reload(), Math.random() * (timing.reload_ms ?? SPREAD_MS));
  };
})();
