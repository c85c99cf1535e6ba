// Cases registered per hour over the band of the same weekday. The hour that is not over is a point of its own: a line down
// to it would read as if the city had fallen quiet.
(() => {
  "use strict";
  const { h, say, set, once, chart, count, t } = onescreen.tools;
  const HOURS = Array.from({ length: 24 }, (_, hour) => hour);

  function lastPoint(counts) {
    const hour = counts.length - 1;
    return hour < 0 || counts[hour] === null ? null : { hour, n: counts[hour] };
  }

  const EARLY_H = 17; // until then there is room for the figure at the right of its point

  const whole = (counts) => counts.slice(0, -1);

  onescreen.definePanel("hourly", (body, values, tools, section) => {
    const counts = values.counts ?? [];
    const last = lastPoint(counts);
    const numbers = [...counts, ...(values.high ?? [])].filter((n) => n !== null);
    const top = Math.max(4, ...numbers) * 1.28; // room for the last point's figure
    chart(
      section,
      [
        { x: HOURS, y: values.low ?? [], text: null },
        { x: HOURS, y: values.high ?? [], text: null },
        { x: HOURS, y: values.median ?? [], text: null },
        { x: HOURS.slice(0, whole(counts).length), y: whole(counts), text: null },
        {
          x: last ? [last.hour] : [], y: last ? [last.n] : [], text: last ? [t("hourly.so_far", { n: count(last.n) })] : null,
          textposition: (last?.hour ?? 0) < EARLY_H ? "middle right" : "middle left",
        },
      ],
      { "xaxis.ticktext": [0, 6, 12, 18, 24].map((hour) => t("hourly.hour", { h: hour })), "yaxis.range": [0, top] },
    );
    const parts = once(body, () => {
      const label = h("span", { class: "chart-label" }, t("hourly.band"));
      body.append(label);
      return { label };
    });
    set(parts.label, { hidden: !(values.high ?? []).some((n) => n !== null) });
    const summary = t("hourly.aria", { day: values.day ?? "", n: last ? count(last.n) : tools.UNKNOWN });
    set(section.querySelector(".graph"), { role: "img", "aria-label": summary });
    say(section.querySelector(".panel-subject"), "");
  });
})();
