// The browser's only clock: real time, and the city's time learnt from the server's beats.
(function () {
  "use strict";
  const onescreen = (window.onescreen = window.onescreen || {});
  const KEPT_SAMPLES = 6; // one minute of beats
  const JUMP_MS = 30000;

  /** Real milliseconds that keep counting while the machine sleeps. */
  onescreen.realTime = () => Date.now();

  /**
   * Estimates the server's (city) time. A sample is late by the network's delay and, from a cached snapshot, by more:
   * so the sample that puts the city furthest ahead is the best one, and time never runs backwards between samples.
   */
  onescreen.createClock = function (realTime) {
    let speed = 1;
    let samples = [];
    let offset = null;

    function setSpeed(value) {
      if (value > 0 && value !== speed) {
        speed = value;
        samples = [];
      }
    }

    function sample(cityMs) {
      const seen = cityMs - realTime() * speed;
      const jumpedBack = offset !== null && offset - seen > JUMP_MS * speed;
      if (jumpedBack) samples = [];
      samples.push(seen);
      if (samples.length > KEPT_SAMPLES) samples.shift();
      offset = Math.max(...samples);
    }

    /** City time in epoch milliseconds; null until the server has said anything. */
    const now = () => (offset === null ? null : realTime() * speed + offset);
    return { setSpeed, sample, now };
  };

  onescreen.clock = onescreen.createClock(onescreen.realTime);
  onescreen.now = () => onescreen.clock.now();
})();
