// Classes of a choropleth: at most five, of nearly equal size, with limits a reader can say aloud.
(() => {
  "use strict";
  const onescreen = (window.onescreen = window.onescreen ?? {});
  const CLASSES = 5;

  const isKnown = (value) => typeof value === "number" && Number.isFinite(value);

  /** Two figures are enough for a limit: 1,284 → 1,300; 0.0382 → 0.038. */
  function rounded(value) {
    if (value === 0) return 0;
    const unit = 10 ** (Math.floor(Math.log10(Math.abs(value))) - 1);
    return Number((Math.round(value / unit) * unit).toPrecision(6));
  }

  /** Limits between classes, ascending; a value belongs to as many classes up as limits it reaches. */
  onescreen.planBreaks = (values, classes = CLASSES) => {
    const known = values.filter(isKnown).sort((a, b) => a - b);
    if (!known.length) return [];
    const isWhole = known.every(Number.isInteger);
    const breaks = new Set();
    for (let i = 1; i < classes; i++) {
      const value = known[Math.min(known.length - 1, Math.floor((i * known.length) / classes))];
      const limit = isWhole && value < 100 ? value : rounded(value);
      if (limit > known[0] && limit <= known.at(-1)) breaks.add(limit);
    }
    return [...breaks].sort((a, b) => a - b);
  };

  /** Which class a value is in, null for what nobody knows. */
  onescreen.planClass = (value, breaks) => (isKnown(value) ? breaks.filter((limit) => value >= limit).length : null);

  /** The strength 1 … 5 of a class: with fewer classes the steps between them are wider. `isReversed`: low is strong. */
  onescreen.planStrength = (index, count, isReversed = false) => {
    if (index === null) return null;
    if (count <= 1) return 2;
    const share = index / (count - 1);
    return 1 + Math.round((isReversed ? 1 - share : share) * (CLASSES - 1));
  };
})();
