// What the panels of the weather scene say alike: levels, hazards, wind forces, and how wide a text is.
(() => {
  "use strict";
  const onescreen = (window.onescreen = window.onescreen ?? {});
  const { hazardOf, svg, set, say, t } = onescreen.tools;
  const NUMERALS = { red: "Ⅰ", orange: "Ⅱ", yellow: "Ⅲ", blue: "Ⅳ" };
  const HEIGHTS = { blue: 1, yellow: 2, orange: 3, unknown: 3, red: 4 };
  const BEAUFORT = [0, 0.3, 1.6, 3.4, 5.5, 8, 10.8, 13.9, 17.2, 20.8, 24.5, 28.5, 32.7]; // lower ends in m/s
  const ENGLISH_HAZARD = /^(.*?)\s+(red|orange|yellow|blue)\b/i;

  const isEnglish = () => onescreen.language === "en";

  onescreen.weather = {
    /** How high a level stands among the four, blue 1 … red 4. */
    height: (level) => HEIGHTS[level] ?? HEIGHTS.unknown,

    numeral: (level) => NUMERALS[level] ?? "",

    /** 橙Ⅱ, Orange Ⅱ */
    level(level) {
      const word = onescreen.text[`level.${level}`] ?? level;
      return isEnglish() ? `${word} ${NUMERALS[level] ?? ""}`.trim() : word + (NUMERALS[level] ?? "");
    },

    /** 橙色 / orange, for use within a sentence. */
    colour(level) {
      const word = onescreen.text[`level.${level}`] ?? level;
      return isEnglish() ? word.toLowerCase() : `${word}色`;
    },

    /** 暴雨, or what an English headline calls it: "Rainstorm Orange Warning updated" → Rainstorm. */
    hazard({ event, event_en: headline }) {
      const english = isEnglish() ? headline?.match(ENGLISH_HAZARD)?.[1] : null;
      return english ?? hazardOf(event ?? "");
    },

    force: (speed) => Math.max(0, BEAUFORT.findLastIndex((least) => speed >= least)),

    rem: () => parseFloat(getComputedStyle(document.documentElement).fontSize),

    /** About how wide a text is in pixels, from above: asking the browser would be a layout for every label. */
    width: (text, px) => [...text].reduce((sum, sign) => sum + (sign > "\u2100" ? 1.02 : 0.6) * px, 0),

    /** The parts of a chart: lines and shapes are made anew, they have no state to keep. */
    path: (d, name, attributes) => svg("path", { d, class: name, ...attributes }),

    text(x, y, text, name, attributes) {
      const element = svg("text", { x: x.toFixed(1), y: y.toFixed(1), class: name, ...attributes });
      return say(element, text);
    },

    /** Makes a chart exactly as large as its place; null when nobody sees it or nothing could be read in it. */
    fitChart(paper, leastRem) {
      const { clientWidth: width, clientHeight: height } = paper.parentElement;
      const rem = onescreen.weather.rem();
      if (!width || height < leastRem * rem) {
        paper.replaceChildren();
        return null;
      }
      set(paper, { viewBox: `0 0 ${width} ${height}`, width, height });
      return { width, height, rem };
    },

    /** ▲ over a limit, ■ not possible: the shapes without a digit mark values. */
    sign(kind) {
      const shapes = { over: "M6 .8 11.6 11.2H.4Z", closed: "M.8.8h10.4v10.4H.8Z", open: "M6 1.6a4.4 4.4 0 1 0 0 8.8 4.4 4.4 0 0 0 0-8.8Z",
        unknown: "M4 4.4a2 2 0 1 1 2.9 1.8c-.6.3-.9.6-.9 1.3M6 9.6v.3" };
      return svg("svg", { viewBox: "0 0 12 12", class: "wx-sign", "data-sign": kind, "aria-hidden": "true" }, svg("path", { d: shapes[kind] }));
    },

    /** Shows another sign in the same element. */
    showSign(sign, kind) {
      if (sign.getAttribute("data-sign") === kind) return;
      set(sign, { "data-sign": kind });
      set(sign.firstChild, { d: onescreen.weather.sign(kind).firstChild.getAttribute("d") });
    },

    t,
  };
})();
