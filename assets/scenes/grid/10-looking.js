// What the grid scene looks at: names and figures of its numbers, and the one way to look at something else.
(() => {
  "use strict";
  const onescreen = (window.onescreen = window.onescreen ?? {});
  const { h, set, say, rows, named, count, percent, isUnknown, t, UNKNOWN, spark, showSpark } = onescreen.tools;
  const grid = (onescreen.grid = onescreen.grid ?? {});
  const names = new Map(); // code → name, of every area any panel of the scene has told of
  const PANELS = ["area", "trend", "map", "officers", "open", "rank", "peers", "duty"].map((key) => `grid-${key}`);
  const SMALL_CHANGE = 0.005;

  grid.FIGURES = [
    "cases_open", "cases_overdue", "cases_today", "ontime_rate", "alarms_active", "cameras_offline", "sensors_over", "officers_on_duty",
  ];
  grid.LEVELS = ["street", "community", "grid"];
  grid.PER = ["", "people", "km2"];
  const SHARES = new Set(["ontime_rate"]);

  grid.figure = (key) => t(`grid.figure.${key}`);
  grid.isShare = (key) => SHARES.has(key);

  /** How values of a number are written: 1,284 · 96.8% · 4.24 per 10,000 people. */
  grid.format = (key, per) => (value) => {
    if (isUnknown(value)) return UNKNOWN;
    if (grid.isShare(key)) return `${percent(value)}%`;
    if (!per && Number.isInteger(value)) return count(value);
    return value.toLocaleString(onescreen.language === "zh" ? "zh-CN" : "en-GB", { maximumFractionDigits: Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2 });
  };

  grid.unit = (key, per) => (per && !grid.isShare(key) ? t(`grid.unit.${per}`) : "");

  /** "在办 / 万人" */
  grid.title = ({ number, per }) => [grid.figure(number), grid.unit(number, per)].filter(Boolean).join(" ");

  /** Looks at something else; the level follows the area again. */
  grid.look = (changes) => {
    const choice = onescreen.choice.get();
    const followed = "area" in changes ? { level: null } : {};
    const wanted = { ...followed, ...changes };
    if (Object.entries(wanted).every(([key, value]) => (choice[key] ?? null) === (value || null))) return;
    onescreen.choice.set(wanted);
  };

  grid.remember = ({ area, path = [], rows: told = [] }) => {
    const isNews = area && !names.has(area);
    for (const [code, name, nameEn] of path) if (code) names.set(code, named(name, nameEn));
    for (const row of told) if (row.code) names.set(row.code, named(row.name, row.name_en));
    if (!isNews || !names.has(area)) return; // headings that had only its code to say now say its name
    const text = onescreen.choice.text(onescreen.choice.get());
    for (const key of PANELS) {
      const held = onescreen.heldPanel(key);
      if (held?.values?.area === area) onescreen.chosePanel(key, held, text);
    }
  };

  /** What a heading says beside its name; what is chosen already stands there. */
  grid.subject = (section, text) => {
    const isChosen = Object.keys(onescreen.choice.get()).length > 0;
    say(section.querySelector(".panel-subject"), isChosen ? "" : text);
  };

  /** The name of the area a panel is about; of the district when none is chosen. */
  grid.placeName = ({ path }) => {
    const [, name, nameEn] = path?.at(-1) ?? [];
    return named(name, nameEn);
  };

  onescreen.choice.call("area", (code) => names.get(code) ?? code);
  onescreen.choice.call("number", (key) => onescreen.text[`grid.figure.${key}`] ?? key);
  onescreen.choice.call("level", (key) => onescreen.text[`grid.level.${key}`] ?? key);
  onescreen.choice.call("per", (key) => onescreen.text[`grid.per.${key}`] ?? key);

  /** Change of the last seven days on the seven before: "+12%", points for shares; "" where nobody knows. */
  grid.change = ([now, before], isShare) => {
    if (isUnknown(now) || isUnknown(before)) return UNKNOWN;
    const sign = (value) => (value > 0 ? "+" : value < 0 ? "−" : "±");
    if (isShare) {
      const points = Math.round((now - before) * 1000) / 10;
      return `${sign(points)}${Math.abs(points).toFixed(1)}`;
    }
    if (!before) return now ? t("grid.new") : "±0%";
    const share = now / before - 1;
    return Math.abs(share) < SMALL_CHANGE ? "±0%" : `${sign(share)}${Math.abs(share * 100).toFixed(0)}%`;
  };

  /** Whether the change is one for the worse that is worth a second look. */
  grid.isWorse = ([now, before], { is_low_bad: isLowBad, is_share: isShare }) => {
    if (isUnknown(now) || isUnknown(before)) return false;
    const change = isShare ? (now - before) * 10 : before ? now / before - 1 : now > 0 ? 1 : 0;
    return (isLowBad ? -change : change) > 0.2;
  };

  grid.spark = spark;
  grid.showSpark = (chart, days) => {
    const points = (days ?? []).map((value, i) => [i, value]).filter(([, value]) => !isUnknown(value));
    set(chart, { "data-empty": !points.length });
    if (points.length) showSpark(chart, { points, from: 0, to: days.length - 1 });
  };

  /** One of several: a row of buttons; `chosen` is pressed. */
  grid.choices = (parent, options, chosen, pick) => {
    rows(parent, options, ({ key }) => key, ({ key }) => {
      const button = h("button", { type: "button", class: "grid-choice" });
      button.addEventListener("click", () => pick(key));
      return button;
    }, (button, { key, text, why }) => {
      say(button, text);
      set(button, { "aria-pressed": String(key === chosen), disabled: Boolean(why), title: why ?? null });
    });
  };
})();
