// The number day by day, the last seven beside the seven before, and what like areas had.
(() => {
  "use strict";
  const onescreen = window.onescreen;
  const { h, svg, set, say, once, isUnknown, t, UNKNOWN, minuteOf } = onescreen.tools;
  const { grid } = onescreen;
  const DAY_MS = 86400000;
  const WEEK = 7;

  const dayOf = (ms) => {
    const [, month, day] = onescreen.tools.dayOf(ms).slice(0, 10).split("-");
    return `${Number(month)}-${day}`;
  };

  /** A scale from below the least to above the largest value; counts begin at 0. */
  function scaleOf(known, isShare) {
    const high = Math.max(...known, isShare ? 0 : 1);
    const low = isShare ? Math.max(0, Math.min(...known) - 0.02) : 0;
    return { low, high: isShare ? Math.min(1, high + 0.02) : high * 1.12 };
  }

  function picture(paper, values, format) {
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    const { clientWidth: width, clientHeight: height } = paper.parentElement;
    const px = 0.8125 * rem;
    const [left, right, top, bottom] = [0.4 * rem, 0.4 * rem, 1.9 * rem, 1.4 * rem];
    const step = (width - left - right) / values.values.length;
    const known = [...values.values, ...(values.peers ?? [])].filter((value) => !isUnknown(value));
    const { low, high } = scaleOf(known, values.is_share);
    const x = (i) => left + (i + 0.5) * step;
    const y = (value) => top + (1 - (value - low) / (high - low || 1)) * (height - top - bottom);
    const text = (at, up, said, name) => svg("text", { x: at, y: up, "text-anchor": "middle", "font-size": px, class: name }, said);
    const parts = [];
    values.values.forEach((value, i) => {
      if (!isUnknown(value)) {
        const isBar = !values.is_share;
        const name = `grid-day${i >= WEEK ? " grid-day-new" : ""}`;
        if (isBar) parts.push(svg("rect", { x: x(i) - step * 0.36, y: y(value), width: step * 0.72, height: Math.max(1, height - bottom - y(value)), class: name }));
        else parts.push(svg("circle", { cx: x(i), cy: y(value), r: 0.22 * rem, class: name }));
      }
      if (i % 3 === 1 || i === values.values.length - 1) parts.push(text(x(i), height - 0.35 * rem, dayOf(values.ends[i]), "grid-tick"));
    });
    if (values.is_share) parts.unshift(svg("path", { d: lineOf(values.values, x, y), class: "grid-day-line" }));
    if (values.peers) parts.push(svg("path", { d: lineOf(values.peers, x, y), class: "grid-peers-line" }));
    parts.push(svg("path", { d: `M${left + WEEK * step} ${top - 0.2 * rem}V${height - bottom}`, class: "grid-week" }));
    const last = values.values.at(-1);
    if (!isUnknown(last)) parts.push(text(Math.min(x(values.values.length - 1), width - right - 1.2 * rem), y(last) < top + 0.9 * rem ? y(last) + 1.1 * rem : y(last) - 0.3 * rem, format(last), "grid-last grid-halo"));
    parts.push(weekText(values, 1, left, format, px, rem), weekText(values, 0, left + WEEK * step, format, px, rem));
    set(paper, { viewBox: `0 0 ${width} ${height}`, "aria-label": t("grid.trend.aria", { name: grid.title({ number: values.number, per: "" }), value: format(last) }) });
    paper.replaceChildren(...parts);
  }

  function weekText(values, week, left, format, px, rem) {
    const how = t(`grid.trend.${values.is_share ? "pooled" : values.is_stock ? "mean" : "sum"}`);
    const said = t(week ? "grid.trend.before" : "grid.trend.now", { value: `${how} ${format(values.weeks[week])}` });
    return svg("text", { x: left + 0.3 * rem, y: 1.1 * rem, "font-size": px, class: week ? "grid-tick" : "grid-last" }, said);
  }

  function lineOf(series, x, y) {
    let isOn = false;
    return series.map((value, i) => {
      if (isUnknown(value)) return (isOn = false) || "";
      const at = `${isOn ? "L" : "M"}${x(i).toFixed(1)} ${y(value).toFixed(1)}`;
      isOn = true;
      return at;
    }).join("");
  }

  onescreen.definePanel("grid-trend", (body, values, _, section) => {
    const { paper, note, none } = once(body, () => {
      const parts = { paper: svg("svg", { class: "grid-trend", role: "img" }), note: h("div", { class: "grid-trend-note" }), none: h("div", { class: "none" }) };
      body.append(h("div", { class: "grid-trend-box" }, parts.paper), parts.note, parts.none);
      return parts;
    });
    const hasHistory = values.values.some((value) => !isUnknown(value));
    set(paper.parentElement, { hidden: !hasHistory });
    say(none, hasHistory ? "" : t("grid.no_history"));
    grid.remember(values);
    grid.subject(section, `${grid.figure(values.number)} · ${grid.placeName(values)}`);
    say(section.querySelector(".panel-note"), hasHistory ? t("grid.trend.day", { at: minuteOf(values.ends.at(-1) ?? DAY_MS) }) : "");
    say(note, values.peers ? t("grid.trend.peers") : "");
    set(note, { hidden: !values.peers });
    if (hasHistory && paper.parentElement.clientWidth) picture(paper, values, grid.format(values.number, ""));
    else paper.replaceChildren();
    if (!hasHistory) set(paper, { "aria-label": UNKNOWN });
  });
})();
