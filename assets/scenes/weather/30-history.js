// Warnings over time: those in force with how long they have lasted, and each hazard's steps as stairs of its level.
(() => {
  "use strict";
  const { h, svg, say, sayParts, set, once, rows, since, count, clock, minuteOf, isUnknown, t } = onescreen.tools;
  const weather = onescreen.weather;
  const TICK_MS = 2 * 3600 * 1000;
  const AIR = 0.95; // of a step: room above the stairs of a hazard
  const STEP_REM = 2.2;
  const LEAST_REM = 4;

  function makeActive() {
    return h("a", { class: "wx-active" }, h("b"), h("small"), h("span"));
  }

  function fillActive(row, hazard) {
    const address = `/warning/${encodeURIComponent(hazard.id)}`;
    set(row, { href: address, "data-open": address, "data-level": hazard.level });
    const [title, area, lasting] = row.children;
    say(title, onescreen.language === "en" ? `${weather.hazard(hazard)} ${weather.level(hazard.level)}` : `${weather.hazard(hazard)}${weather.colour(hazard.level)} ${weather.numeral(hazard.level)}`);
    sayParts(area, areaParts(hazard), " ");
    since(lasting, "duration", hazard.since, "weather.lasting");
  }

  function areaParts({ is_whole: isWhole, streets, grids }) {
    if (isWhole) return [t("weather.whole")];
    if (isUnknown(streets)) return [];
    return [t("weather.streets", { n: count(streets) }), t("weather.grids", { n: count(grids) })];
  }

  function build(body) {
    const list = h("div", { class: "wx-actives" });
    const none = h("p", { class: "none" });
    const paper = svg("svg", { class: "wx-stairs", role: "img" });
    body.append(list, none, h("div", { class: "wx-chart" }, paper));
    return { list, none, paper };
  }

  /** Where hazards stand: each as high as its highest step. */
  function lanes(hazards, height, rem) {
    const tops = hazards.map(({ steps }) => Math.max(2, ...steps.map(({ level }) => weather.height(level))) + AIR);
    const all = tops.reduce((sum, top) => sum + top, 0);
    const unit = Math.min(STEP_REM * rem, (height - 0.4 * rem) / Math.max(all, 1));
    const gap = hazards.length ? Math.min(rem, (height - all * unit) / hazards.length) : 0;
    let y = 0;
    return hazards.map((hazard, i) => ({ hazard, unit, room: tops[i] * unit + gap, base: (y += tops[i] * unit + gap) }));
  }

  function draw(paper, values) {
    const size = weather.fitChart(paper, LEAST_REM);
    if (!size) return;
    const { width, height, rem } = size;
    const left = (onescreen.language === "en" ? 5.6 : 3.6) * rem;
    const foot = height - 1.3 * rem;
    const at = (ms) => left + ((Math.min(Math.max(ms, values.from), values.to) - values.from) / (values.to - values.from)) * (width - left);
    const now = onescreen.tools.now();
    const chart = { at, now, rem, left, width, foot };
    paper.replaceChildren(...axis(chart, values), ...lanes(values.hazards, foot, rem).flatMap((lane) => drawLane(chart, lane)), ...nowMark(chart));
    set(paper, { "aria-label": values.hazards.map(spoken).join("；") });
  }

  function axis({ at, now, rem, width, foot }, { from, to }) {
    const parts = [svg("rect", { x: at(now), y: 0, width: Math.max(0, width - at(now)), height: foot, class: "wx-ahead" })];
    const px = 0.8125 * rem;
    for (let ms = Math.ceil(from / TICK_MS) * TICK_MS; ms <= to; ms += TICK_MS) {
      const x = at(ms);
      parts.push(weather.path(`M${x} 0V${foot}`, "wx-gridline"));
      const half = weather.width("00:00", px) / 2;
      if (Math.abs(x - at(now)) < half + 1.6 * rem || x + half > width) continue;
      parts.push(weather.text(x, foot + 1.05 * rem, minuteOf(ms), "wx-tick", { "text-anchor": "middle" }));
    }
    return parts;
  }

  function nowMark({ at, now, rem, foot }) {
    const x = at(now);
    return [weather.path(`M${x} 0V${foot}`, "wx-now"), weather.text(x, foot + 1.05 * rem, t("weather.now_mark"), "wx-now-text", { "text-anchor": "middle" })];
  }

  function drawLane(chart, { hazard, unit, room, base }) {
    const { rem, width } = chart;
    const isOver = !hazard.is_active;
    const isLow = room < 2.6 * rem; // no room for two lines
    const state = isOver ? t(`weather.${{ cancelled: "over", expired: "expired" }[hazard.ended_by] ?? "replaced"}_word`) : weather.level(hazard.level);
    const parts = [
      weather.path(`M0 ${base + 0.5}H${width}`, "wx-base"),
      weather.text(0, base - (isLow ? 0.35 : 1.5) * rem, weather.hazard(hazard), "wx-hazard", { "data-over": isOver }),
    ];
    if (!isLow) parts.push(weather.text(0, base - 0.35 * rem, state, "wx-hazard-level", { "data-level": isOver ? null : hazard.level }));
    hazard.steps.forEach((step, i) => parts.push(...drawStep(chart, hazard, step, hazard.steps[i - 1], { unit, base, isOver })));
    if (isOver) parts.push(...ending(chart, hazard, base));
    return parts;
  }

  function drawStep({ at, now, rem, left }, hazard, step, before, { unit, base, isOver }) {
    const high = weather.height(step.level) * unit;
    const end = step.ended_by ? step.to : Math.min(step.to ?? Infinity, now);
    const [x, to] = [at(step.from), at(end)];
    const wide = Math.max(1, to - x - 1);
    const title = svg("title", null, t("weather.step", {
      event: weather.hazard(hazard), colour: weather.colour(step.level), from: clock(step.from), to: isUnknown(step.to) ? "" : clock(step.to),
    }));
    const bar = svg("rect", { x, y: base - high, width: wide, height: high, class: "wx-step", "data-level": step.level, "data-over": isOver }, title);
    const parts = [bar];
    if (!step.ended_by && at(step.to ?? Infinity) > to) parts.push(weather.path(`M${to} ${base - high}H${at(step.to ?? Infinity)}`, "wx-announced"));
    return [...parts, ...stepLabel(step, before, { x, wide, base, unit, top: base - high, rem, left, at, isOver })];
  }

  /** Inside its bar, the fullest that fits; beside a rising step there is room above the one before. */
  function stepLabel(step, before, { x, wide, base, unit, top, rem, left, at, isOver }) {
    const px = 0.875 * rem;
    const full = `${minuteOf(step.from)} ${weather.level(step.level)}`;
    const isLow = top + 1.2 * rem > base;
    const inside = isLow ? null : [full, weather.level(step.level), weather.numeral(step.level)].find((text) => weather.width(text, px) + 0.7 * rem < wide);
    const parts = [];
    if (inside) parts.push(weather.text(x + 0.35 * rem, top + 1.1 * rem, inside, "wx-step-text", { "data-over": isOver }));
    if (inside === full || isOver || isLow) return parts;
    const beside = inside ? minuteOf(step.from) : full;
    const isRising = !before || top + 1.2 * rem < base - weather.height(before.level) * unit; // and room above it
    const from = before ? Math.max(left, at(before.from)) : left;
    if (isRising && x - from > weather.width(beside, px) + 0.4 * rem) {
      parts.push(weather.text(x - 0.3 * rem, top + 1.05 * rem, beside, "wx-beside", { "text-anchor": "end", "data-level": inside ? null : step.level }));
    }
    return parts;
  }

  function ending({ at, rem, width }, hazard, base) {
    if (isUnknown(hazard.ended_at)) return [];
    const text = t(`weather.${hazard.ended_by || "replaced"}`, { at: minuteOf(hazard.ended_at) });
    const x = at(hazard.ended_at) + 0.4 * rem;
    if (x + weather.width(text, 0.8125 * rem) > width) return [];
    return [weather.text(x, base - 0.35 * rem, text, "wx-tick")];
  }

  const spoken = (hazard) =>
    `${weather.hazard(hazard)}: ${hazard.steps.map((step) => `${minuteOf(step.from)} ${weather.level(step.level)}`).join(", ")}`;

  onescreen.definePanel("weather-history", (body, values, _, section) => {
    const { list, none, paper } = once(body, build);
    const hazards = values.hazards ?? [];
    const active = hazards.filter((hazard) => hazard.is_active);
    say(section.querySelector(".panel-subject"), active.length ? t("weather.in_force", { n: values.active }) : "");
    rows(list, active, ({ event }) => event, makeActive, fillActive);
    const text = active.length ? "" : t(hazards.length ? "weather.none_in_force" : "weather.no_history");
    say(none, values.hazards ? text : "");
    set(none, { hidden: !text });
    set(paper, { hidden: !hazards.length });
    if (hazards.length) draw(paper, { ...values, hazards });
  });
})();
