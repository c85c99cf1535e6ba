// The last hours on one axis: warnings as bands, alarms as signs, cases as columns, events as words.
(() => {
  "use strict";
  const { h, set, say, once, rows, prioritySign, showPriority, minuteOf, isUnknown, count, t } = onescreen.tools;
  const LANES = ["warnings", "alarms", "cases", "events"];
  const HALF_HOUR_MS = 1800000;
  const LEVELS = { red: "Ⅰ", orange: "Ⅱ", yellow: "Ⅲ", blue: "Ⅳ" };
  const LEAST_GAP = 0.012; // alarms closer than this share of the width stand on one another: only the worst is drawn

  function build(body) {
    const lanes = Object.fromEntries(LANES.map((name) => [name, h("div", { class: `lane lane-${name}` })]));
    const axis = h("div", { class: "lane lane-axis" });
    const note = h("small", null, ` ${t("timeline.per_10_min")}`);
    for (const name of LANES) {
      const label = h("span", { class: "lane-label" }, t(`timeline.${name}`), name === "cases" ? note : null);
      body.append(label, lanes[name]);
    }
    body.append(h("span", { class: "lane-label" }), axis);
    return { ...lanes, axis };
  }

  const place = (element, share) => {
    element.style.left = `${(share * 100).toFixed(2)}%`;
    return element;
  };

  function showWarnings(lane, warnings, shareOf) {
    rows(lane, warnings.slice(0, 3), (warning) => warning.id ?? `${warning.event}${warning.sent_at}`,
      () => h("div", { class: "band" }, h("span")),
      (band, { event, level, sent_at: sent, onset_at: onset, expires_at: expires }) => {
        const from = Math.max(0, shareOf(onset ?? sent));
        const to = Math.min(1, expires ? shareOf(expires) : 1);
        place(band, from).style.width = `${(Math.max(0, to - from) * 100).toFixed(2)}%`;
        set(band, { "data-level": level });
        const colour = onescreen.text[`level.${level}`] ?? "";
        say(band.firstChild, `${event} ${colour}${LEVELS[level] ?? ""} ${minuteOf(onset ?? sent)}`);
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
      if (share < right || share > 0.97) return false;
      right = share + 0.11;
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
    for (let at = Math.ceil(from / HALF_HOUR_MS) * HALF_HOUR_MS; at <= to; at += HALF_HOUR_MS) ticks.push(at);
    rows(lane, ticks, (at) => at, () => h("span", { class: "tick" }), (tick, at) => say(place(tick, shareOf(at)), minuteOf(at)));
  }

  onescreen.definePanel("timeline", (body, values) => {
    if (isUnknown(values.from) || isUnknown(values.to)) return;
    const lanes = once(body, build);
    const shareOf = (at) => (at - values.from) / (values.to - values.from);
    showWarnings(lanes.warnings, values.warnings ?? [], shareOf);
    showAlarms(lanes.alarms, values.alarms ?? [], shareOf);
    showCases(lanes.cases, values.cases ?? [], shareOf);
    showEvents(lanes.events, values.events ?? [], shareOf);
    showAxis(lanes.axis, values.from, values.to, shareOf);
  });
})();
