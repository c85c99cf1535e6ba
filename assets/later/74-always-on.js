// What a screen needs that is never switched off: it stays awake, is dimmed at night, and no pixel stands for ever.
(() => {
  "use strict";
  const onescreen = window.onescreen;
  const { tools } = onescreen;
  const root = document.documentElement;
  const NIGHT_LEVEL = 0.45;
  const MINUTE_MS = 60000;
  const SHIFT_MS = 3 * MINUTE_MS;
  // Up to two pixels up and to the left and back: a wall's lines wander without anybody seeing them move, and nothing
  // comes to lie beyond the right or lower edge, where it would make the page scroll.
  const SHIFTS = [[0, 0], [-1, 0], [-2, 0], [-2, -1], [-2, -2], [-1, -2], [0, -2], [0, -1]];

  const minutesOf = (text) => {
    const [hours, minutes] = text.split(":").map(Number);
    return hours * 60 + minutes;
  };

  /** Whether a time of day (minutes) lies in `22:00-06:00`, over midnight or not; the end is not part of it. */
  onescreen.isNight = (span, minute) => {
    const found = /^(\d{1,2}:\d{2})-(\d{1,2}:\d{2})$/.exec(span ?? "");
    if (!found) return false;
    const [from, to] = [minutesOf(found[1]), minutesOf(found[2])];
    return from <= to ? minute >= from && minute < to : minute >= from || minute < to;
  };

  /** Where the picture stands at a real time, in pixels. */
  onescreen.pixelShift = (realMs) => SHIFTS[Math.floor(realMs / SHIFT_MS) % SHIFTS.length];

  function keepAwake() {
    let lock = null;
    async function ask() {
      if (document.hidden || (lock && !lock.released)) return;
      try {
        lock = await navigator.wakeLock.request("screen");
      } catch {
        lock = null; // asked again with the next minute
      }
    }
    document.addEventListener("visibilitychange", ask);
    return ask;
  }

  function start() {
    const shade = tools.h("div", { class: "night", "aria-hidden": "true" });
    const level = Math.min(1, Math.max(0.1, Number(onescreen.ofScreen("night_level")) || NIGHT_LEVEL));
    const stayAwake = navigator.wakeLock ? keepAwake() : () => {};
    document.body.append(shade);

    function look() {
      const isDark = onescreen.isNight(onescreen.ofScreen("night"), minutesOf(tools.minuteOf(tools.now())));
      root.toggleAttribute("data-night", isDark);
      shade.style.opacity = isDark && !root.dataset.takeover ? String(1 - level) : "0";
      const [x, y] = onescreen.pixelShift(onescreen.realTime());
      const wall = document.querySelector(".wall");
      if (wall) Object.assign(wall.style, { left: `${x}px`, top: `${y}px` });
      stayAwake();
    }

    onescreen.on("takeover", look);
    setInterval(look, MINUTE_MS);
    look();
  }

  /** What is said when the server is gone must not need a slice of the font from it. */
  function keepWordsOfTrouble() {
    const keys = Object.keys(onescreen.text).filter((key) => /^(feed|state|tile|age)\./.test(key));
    document.fonts.load('600 16px "Noto Sans SC Variable"', keys.map((key) => onescreen.text[key]).join("") + "0123456789");
  }

  if (onescreen.isWall) {
    start();
    keepWordsOfTrouble();
  }
})();
