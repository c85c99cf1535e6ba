// Text big enough to be read from where people stand: `viewing_distance_m` and the picture's `height_mm` give the least
// height of a character (20′ of arc, Chinese 25′; ISO 9241-303 wants 20′ to 22′). The root font grows, so everything
// grows with it and lists show fewer rows.
(() => {
  "use strict";
  const onescreen = window.onescreen;
  const root = document.documentElement;
  const ARC = { zh: 25, en: 20 };
  const BODY = { zh: 0.92, en: 0.72 }; // height of a character or capital, as a share of the font size
  const TINY_REM = 0.8125; // the smallest text of the wall
  const MOST = 1.6; // beyond this the columns no longer fit beside each other

  /** Least root font size in pixels for a distance (m), a picture's height (mm) and its height in pixels. */
  onescreen.leastRootPx = (distanceM, heightMm, heightPx, language) => {
    const leastMm = distanceM * 1000 * Math.tan(((ARC[language] / 60) * Math.PI) / 180);
    return (leastMm * heightPx) / heightMm / BODY[language] / TINY_REM;
  };

  const distance = Number(onescreen.ofScreen("viewing_distance_m"));
  const height = Number(onescreen.ofScreen("height_mm"));
  if (!(distance > 0 && height > 0)) return;

  function fit() {
    root.style.removeProperty("--least-root");
    const designed = parseFloat(getComputedStyle(root).fontSize);
    const wanted = onescreen.leastRootPx(distance, height, innerHeight, onescreen.language);
    root.style.setProperty("--least-root", `${Math.min(wanted, designed * MOST).toFixed(2)}px`);
    root.toggleAttribute("data-text-short", wanted > designed * MOST); // no layout can make it readable from there
  }

  window.addEventListener("resize", fit);
  fit();
})();
