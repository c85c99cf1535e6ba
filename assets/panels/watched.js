// The watched sensor: readings, dashed limit, dotted projection, what it is now and how fast it moves.
(() => {
  "use strict";
  const { h, say, set, once, chart, measured, change, isUnknown, t } = onescreen.tools;

  // Plotly knows no zones: times are shifted so that its axis reads the city's local time.
  function localTime(ms) {
    const text = new Date(ms).toLocaleString("sv-SE", { timeZone: onescreen.settings.timezone });
    return text.replace(" ", "T");
  }

  const columns = (points) => ({ x: points.map(([ms]) => localTime(ms)), y: points.map(([, value]) => value) });

  function range(values) {
    const seen = [...values.points, ...values.projection].map(([, value]) => value);
    if (!isUnknown(values.limit)) seen.push(values.limit);
    const low = Math.min(...seen);
    const high = Math.max(...seen);
    const margin = (high - low || Math.abs(high) || 1) * 0.22;
    return [low - margin, high + margin];
  }

  function build(body) {
    const now = h("b");
    const limit = h("span", { class: "watched-limit" });
    body.append(h("p", { class: "watched-line" }, now, limit));
    return { now, limit };
  }

  function rateText(rate) {
    if (isUnknown(rate)) return "";
    const arrow = rate > 0 ? "↑" : rate < 0 ? "↓" : "→";
    return ` ${arrow} ${t("watched.rate", { rate: measured(Math.abs(rate)) })}`;
  }

  onescreen.definePanel("watched", (body, given, tools, section) => {
    const values = { ...given, points: given.points ?? [], projection: given.projection ?? [] };
    const { now, limit } = once(body, build);
    say(section.querySelector(".panel-subject"), values.name ?? "");
    const last = values.points.at(-1);
    const ends = [...values.points, ...values.projection];
    const limitEnds = !ends.length || isUnknown(values.limit) ? [] : [ends[0], ends.at(-1)];
    const projected = values.projection.length && last ? [last, ...values.projection] : [];
    const layout = ends.length
      ? { "yaxis.range": range(values), "xaxis.range": [localTime(ends[0][0]), localTime(ends.at(-1)[0])] }
      : {};
    const traces = [values.points, projected, limitEnds.map(([ms]) => [ms, values.limit]), last ? [last] : []];
    chart(section, traces.map(columns), { ...layout, "xaxis.tickformat": "%H:%M", "xaxis.showticklabels": ends.length > 0 });
    const value = last ? measured(last[1], values.unit) : tools.UNKNOWN;
    say(now, value + rateText(values.rate_per_h));
    set(now, { "data-over": Boolean(values.is_over) });
    say(limit, isUnknown(values.limit) ? "" : t("watched.limit", { limit: measured(values.limit, values.unit) }));
    const address = values.sensor ? `/sensor/${encodeURIComponent(values.sensor)}` : null;
    set(section.querySelector(".panel-subject"), { "data-open": address });
    set(section.querySelector(".graph"), { role: "img", "aria-label": t("watched.aria", { name: values.name ?? "", value }) });
  });
})();
