// The last hours on one axis: warnings as bands, alarms as signs, cases as columns, events as words.
(() => {
  "use strict";
  const { h, set, say, once, rows, now, prioritySign, showPriority, minuteOf, hazardOf, isUnknown, count, t } = onescreen.tools;
  const LANES = ["warnings", "alarms", "cases", "events"];
  const TICK_PX = 48; // more than the widest label of the axis
  const HALF_HOUR_MS = 1800000;
  const LEVELS = { red: "Ⅰ", orange: "Ⅱ", yellow: "Ⅲ", blue: "Ⅳ" };
  const RANKS = ["red", "orange", "unknown", "yellow", "blue"];
  const MOST_LINES = 3;
  const BAND_REM = 0.8125; // as .band in 22-panels-wide.css: a band that is being made has no style yet
  const EVENT_GAP = 0.17;
  const LEAST_GAP = 0.012; // alarms closer than this share of the width stand on one another: only the worst is drawn

  function build(body) {
    const lanes = Object.fromEntries(LANES.map((name) => [name, h("div", { class: `lane lane-${name}` })]));
    const axis = h("div", { class: "lane lane-axis" });
    const note = h("small", null, ` ${t("timeline.per_10_min")}`);
    for (const name of LANES) {
      const label = h("span", { class: `lane-label label-${name}` }, t(`timeline.${name}`), name === "cases" ? note : null);
      body.append(label, lanes[name]);
    }
    const line = h("i", { class: "timeline-now", hidden: true }, h("b", null, t("timeline.now"))); // right of it lies what is to come
    const over = h("div", { class: "timeline-over", "aria-hidden": "true" }, line);
    body.append(h("span", { class: "lane-label" }), axis, over);
    return { ...lanes, axis, now: line };
  }

  const place = (element, share) => {
    element.style.left = `${(share * 100).toFixed(2)}%`;
    return element;
  };

  /** One line per hazard; each step of it ends where the next one begins. */
  function bandsOf(warnings, shareOf) {
    const hazards = Map.groupBy([...warnings].sort((a, b) => a.from - b.from), ({ event }) => hazardOf(event));
    const lines = [...hazards].filter(([, steps]) => shareOf(steps.at(-1).to ?? Infinity) > 0);
    lines.sort(([, a], [, b]) => RANKS.indexOf(a.at(-1).level) - RANKS.indexOf(b.at(-1).level));
    return lines.slice(0, MOST_LINES).flatMap(([hazard, steps], line) =>
      steps.map((step, index) => {
        const end = Math.min(step.to ?? Infinity, steps[index + 1]?.from ?? Infinity);
        const left = Math.max(0, shareOf(step.from));
        return { ...step, hazard, line, left, width: Math.min(1, shareOf(end)) - left };
      }),
    ).filter(({ width }) => width > 0);
  }

  /** About how wide a text is, from above: asking the browser would be a layout for every band. */
  const widthOf = (text, size) => [...text].reduce((sum, sign) => sum + (sign > "\u2100" ? 1.02 : 0.66) * size, size);

  function showWarnings(lane, warnings, shareOf) {
    rows(lane, bandsOf(warnings, shareOf), ({ id }) => id,
      () => h("div", { class: "band" }, h("span")),
      (band, { hazard, headline_en: headlineEn, level, line, from, left, width }) => {
        place(band, left).style.width = `${(width * 100).toFixed(2)}%`;
        set(band, { "data-level": level, "data-line": line });
        const colour = onescreen.text[`level.${level}`] ?? "";
        const title = onescreen.language === "en" && headlineEn ? headlineEn : `${hazard} ${colour}${LEVELS[level] ?? ""}`;
        const size = BAND_REM * parseFloat(getComputedStyle(document.documentElement).fontSize);
        const fits = (text) => widthOf(text, size) <= width * lane.clientWidth;
        say(band.firstChild, [`${title} ${minuteOf(from)}`, title].find(fits) ?? "");
      });
  }

  function showAlarms(lane, alarms, shareOf) {
    const worstFirst = [...alarms].sort((a, b) => a[1] - b[1]);
    const drawn = [];
    for (const alarm of worstFirst) {
      const share = shareOf(alarm[0]);
      if (share >= 0 && share <= 1 && drawn.every((other) => Math.abs(other.share - share) > LEAST_GAP)) {
        drawn.push({ share, alarm });
      }
    }
    rows(lane, drawn, ({ alarm: [at, , , name] }) => `${at} ${name}`, prioritySign, (sign, { share, alarm }) => {
      const [, priority, isAcknowledged, name] = alarm;
      showPriority(place(sign, share), priority, isAcknowledged);
      set(sign, { "aria-label": name });
    });
  }

  function showCases(lane, cases, shareOf) {
    const most = Math.max(1, ...cases.map(([, n]) => n));
    const width = cases.length > 1 ? shareOf(cases[1][0]) - shareOf(cases[0][0]) : 0.08;
    rows(lane, cases, ([at]) => at,
      () => h("div", { class: "column" }, h("b"), h("i")),
      (column, [at, n]) => {
        place(column, shareOf(at)).style.width = `${(width * 100 - 0.15).toFixed(2)}%`;
        say(column.firstChild, count(n));
        column.lastChild.style.height = `${((n / most) * 60).toFixed(1)}%`;
      });
  }

  function showEvents(lane, events, shareOf) {
    let right = -1;
    const apart = events.filter(([at]) => {
      const share = shareOf(at);
      if (share < right || share > 1 - EVENT_GAP) return false;
      right = share + EVENT_GAP;
      return share >= 0;
    });
    rows(lane, apart, ([at, text]) => `${at} ${text}`,
      () => h("div", { class: "event" }, h("small"), h("span")),
      (event, [at, text]) => {
        place(event, shareOf(at));
        say(event.firstChild, minuteOf(at));
        say(event.lastChild, text);
      });
  }

  function showAxis(lane, from, to, shareOf) {
    const ticks = [];
    const rim = TICK_PX / 2 / Math.max(TICK_PX, lane.clientWidth); // a label nearer to the end would be cut
    for (let at = Math.ceil(from / HALF_HOUR_MS) * HALF_HOUR_MS; at <= to; at += HALF_HOUR_MS) {
      if (shareOf(at) >= rim && shareOf(at) <= 1 - rim) ticks.push(at);
    }
    rows(lane, ticks, (at) => at, () => h("span", { class: "tick" }), (tick, at) => say(place(tick, shareOf(at)), minuteOf(at)));
  }

  let standing = null; // the line of the present and its axis

  /** The present moves on also while nothing happens that the panel would be drawn again for. */
  function moveNow() {
    if (!standing) return;
    const share = isUnknown(now()) ? -1 : standing.shareOf(now());
    set(standing.element, { hidden: share < 0 || share > 1 });
    const left = `${(share * 100).toFixed(1)}%`;
    if (standing.element.style.left !== left) standing.element.style.left = left;
  }

  onescreen.on("panel", moveNow);

  onescreen.definePanel("timeline", (body, values) => {
    if (isUnknown(values.from) || isUnknown(values.to)) return;
    const lanes = once(body, build);
    const shareOf = (at) => (at - values.from) / (values.to - values.from);
    showWarnings(lanes.warnings, values.warnings ?? [], shareOf);
    showAlarms(lanes.alarms, values.alarms ?? [], shareOf);
    showCases(lanes.cases, values.cases ?? [], shareOf);
    showEvents(lanes.events, values.events ?? [], shareOf);
    showAxis(lanes.axis, values.from, values.to, shareOf);
    standing = { element: lanes.now, shareOf };
    moveNow();
  });
})();
