// What a camera wall reports on itself beside the probe's own: pictures per second, and rounds turned as fast as they fill.
(() => {
  "use strict";
  const PATIENCE_MS = 4000;
  const tiles = () => [...document.querySelectorAll(".video-tile:not([hidden])")];
  const isFilled = (tile) => tile.dataset.device === "offline" || tile.dataset.picture === "shown";
  const isFull = () => tiles().length > 0 && tiles().every(isFilled);
  const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

  window.probe.expect("tiles", isFull);

  let painted = 0;
  const paint = ImageBitmapRenderingContext.prototype.transferFromImageBitmap;
  ImageBitmapRenderingContext.prototype.transferFromImageBitmap = function (bitmap) {
    painted += Number(Boolean(bitmap));
    return paint.call(this, bitmap);
  };

  /** Pictures a second and tile over so many seconds. */
  window.probe.pace = async (seconds) => {
    const [before, startedAt] = [painted, performance.now()];
    await pause(seconds * 1000);
    const living = tiles().filter((tile) => tile.dataset.device !== "offline").length;
    return ((painted - before) / ((performance.now() - startedAt) / 1000)) / Math.max(1, living);
  };

  /** Turns so many pages, each when its predecessor is full of pictures; resolves to how many never became so. */
  window.probe.turn = async (rounds) => {
    let unfilled = 0;
    for (let round = 0; round < rounds; round++) {
      const before = onescreen.videoWall.stats().page;
      document.querySelector(".video-turn:last-child").click();
      const until = performance.now() + PATIENCE_MS;
      const isTurned = () => onescreen.videoWall.stats().page !== before && isFull();
      while (!isTurned() && performance.now() < until) await pause(20);
      unfilled += Number(!isTurned());
    }
    return unfilled;
  };
})();
