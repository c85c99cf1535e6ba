// Numbers, times and names as people read them. Unknown is "—", never 0.
(() => {
  "use strict";
  const onescreen = (window.onescreen = window.onescreen ?? {});
  const tools = (onescreen.tools = onescreen.tools ?? {});
  const { t, language, settings } = onescreen;
  const locale = language === "zh" ? "zh-CN" : "en-GB";
  const zone = { timeZone: settings.timezone };
  const numbers = new Map();
  const clocks = {
    minute: new Intl.DateTimeFormat(locale, { ...zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" }),
    second: new Intl.DateTimeFormat(locale, {
      ...zone, hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23",
    }),
    day: new Intl.DateTimeFormat("sv-SE", { ...zone, year: "numeric", month: "2-digit", day: "2-digit" }),
    weekday: new Intl.DateTimeFormat(locale, { ...zone, weekday: "short" }),
  };
  const UNKNOWN = "—";
  const MINUTE_S = 60;
  const HOUR_S = 3600;
  const DAY_S = 86400;

  const isUnknown = (value) => value === null || value === undefined || Number.isNaN(value);

  function formatter(digits, signed) {
    const key = `${digits}${signed}`;
    if (!numbers.has(key)) {
      const signDisplay = signed ? "exceptZero" : "auto";
      const options = { maximumFractionDigits: digits, minimumFractionDigits: digits, signDisplay };
      numbers.set(key, new Intl.NumberFormat(locale, options));
    }
    return numbers.get(key);
  }

  tools.UNKNOWN = UNKNOWN;
  tools.isUnknown = isUnknown;
  tools.t = t;

  /** 1,284 */
  tools.count = (value) => (isUnknown(value) ? UNKNOWN : formatter(0, false).format(value));

  /** +46, −31 */
  tools.change = (value) => (isUnknown(value) ? UNKNOWN : formatter(0, true).format(value).replace("-", "−"));

  /** 0.9682 → 96.8 (the sign % stands smaller beside it) */
  tools.percent = (share, digits = 1) => {
    if (isUnknown(share)) return UNKNOWN;
    const scale = 10 ** digits;
    // Rounded down: 99.96 % of the cameras is not all of them.
    return formatter(digits, false).format(Math.floor(share * 100 * scale + 1e-9) / scale);
  };

  /** 28.4: always one digit, for weather. */
  tools.decimal = (value) => (isUnknown(value) ? UNKNOWN : formatter(1, false).format(value));

  /** A measured value with as many digits as its size deserves. */
  tools.measured = (value, unit) => {
    if (isUnknown(value)) return UNKNOWN;
    const size = Math.abs(value);
    const digits = Number.isInteger(value) || size >= 100 ? 0 : size >= 10 ? 1 : 2;
    return formatter(digits, false).format(value) + (unit ? ` ${unit}` : "");
  };

  /** "2 天 4 时", "2 分 17 秒": two units at most, the largest first. */
  tools.duration = (seconds) => {
    const s = Math.max(0, Math.floor(seconds));
    const min = Math.floor(s / MINUTE_S);
    const h = Math.floor(s / HOUR_S);
    const d = Math.floor(s / DAY_S);
    if (d >= 1) return h % 24 ? t("duration.d_h", { d, h: h % 24 }) : t("duration.d", { d });
    if (h >= 1) return min % 60 ? t("duration.h_min", { h, min: min % 60 }) : t("duration.h", { h });
    if (min >= 10) return t("duration.min", { min });
    if (min >= 1) return s % 60 ? t("duration.min_s", { min, s: s % 60 }) : t("duration.min", { min });
    return t("duration.s", { s });
  };

  /** The same in one unit, for ages that change under the reader. */
  tools.age = (seconds) => {
    const s = Math.max(0, Math.floor(seconds));
    if (s < MINUTE_S) return t("duration.s", { s });
    if (s < HOUR_S) return t("duration.min", { min: Math.floor(s / MINUTE_S) });
    if (s < DAY_S) return t("duration.h", { h: Math.floor(s / HOUR_S) });
    return t("duration.d", { d: Math.floor(s / DAY_S) });
  };

  /** 2:17, 1:02:05: for what is counted while it lasts. */
  tools.stopwatch = (seconds) => {
    const s = Math.max(0, Math.floor(seconds));
    const two = (number) => String(number).padStart(2, "0");
    const h = Math.floor(s / HOUR_S);
    const min = Math.floor((s % HOUR_S) / MINUTE_S);
    return h ? `${h}:${two(min)}:${two(s % MINUTE_S)}` : `${min}:${two(s % MINUTE_S)}`;
  };

  /** 14:05 in the city's zone; with the day when it is another one than today. */
  tools.clock = (ms) => {
    if (isUnknown(ms)) return UNKNOWN;
    const day = clocks.day.format(ms);
    const isToday = day === clocks.day.format(tools.now());
    return isToday ? clocks.minute.format(ms) : `${day.slice(5)} ${clocks.minute.format(ms)}`;
  };

  tools.minuteOf = (ms) => clocks.minute.format(ms);
  tools.secondOf = (ms) => clocks.second.format(ms);
  tools.dayOf = (ms) => `${clocks.day.format(ms)} ${clocks.weekday.format(ms)}`;

  /** City time in epoch ms; before the server has said anything the machine's own. */
  tools.now = () => onescreen.now?.() ?? Date.now();

  /** A name in the page's language, the district's own where it has no other. */
  tools.named = (name, nameEn) => (language === "en" && nameEn ? nameEn : name) || UNKNOWN;

  /** The text of a key made from an upstream word, or that word. */
  tools.word = (prefix, word) => onescreen.text[`${prefix}.${word}`] ?? word;
})();
