// The place: rings around the incident, cameras by the numbers of the tiles, people by the letters of the list, sensors,
// places that help or may be in danger. Without an incident the district with its active alarms.
(() => {
  "use strict";
  const { h, svg, set, say, once, t } = onescreen.tools;
  const { emergency } = onescreen;
  const BADGE_REM = 0.72;
  const LEGEND = ["camera", "officer", "sensor", "help", "risk"];

  const badge = (className, text) => (radius) => {
    const sign = svg("text", { "text-anchor": "middle", dy: "0.36em", "font-size": radius * (text.length > 1 ? 1.05 : 1.3) });
    say(sign, text);
    const shape = className.includes("place")
      ? svg("rect", { x: -radius, y: -radius, width: 2 * radius, height: 2 * radius, rx: radius * 0.3 })
      : svg("circle", { r: radius });
    return svg("g", { class: className }, shape, sign);
  };

  /** A mark as the plan draws it: lists and plan name the same thing by the same sign. */
  function marked(mark) {
    const base = { ...mark, isAcknowledged: mark.is_acknowledged, label: "" };
    const own = (className, text) => ({ ...base, symbol: badge(`${className} emergency-badge`, text), token: `${className}${text}`, size_rem: BADGE_REM });
    if (mark.kind === "camera") return own(`badge-camera badge-${mark.state}`, mark.label);
    if (mark.kind === "officer") return own("badge-officer", mark.label);
    if (mark.kind === "place") return own(`badge-place badge-${mark.role}`, emergency.sign(mark.place_kind) + mark.label);
    if (mark.kind === "alarm") return { ...base, size_rem: mark.is_own ? 1.25 : 0.8 };
    return base;
  }

  function optionsOf({ about, centre, radius_m: radius, rings, outline, marks }) {
    return {
      title: t("panel.emergency-plan"),
      frame: centre ? { center: centre, radius_m: radius * 1.05 } : null,
      rings,
      outlines: outline ? [outline] : [],
      marks: marks.map(marked),
      legend: false,
      labels: about ? "none" : "name",
      level: about ? null : "street",
      onPick: (mark) => typeof mark === "object" && onescreen.open(`/${mark.kind}/${encodeURIComponent(mark.id)}`),
    };
  }

  function build(body) {
    const place = h("div", { class: "emergency-plan" });
    const waits = h("p", { class: "none" }, t("emergency.plan_waits"));
    const legend = h("p", { class: "emergency-legend" }, ...LEGEND.map((kind) => h("span", { "data-kind": kind }, t(`emergency.legend.${kind}`))));
    body.append(place, waits, legend);
    return { place, waits, legend, plan: null };
  }

  function noteOf({ about, radius_m: radius, outline }) {
    if (!about) return t("emergency.plan_calm");
    return outline ? t("emergency.plan_ground") : t("emergency.plan_note", { radius: emergency.distance(radius) });
  }

  onescreen.definePanel("emergency-plan", (body, values, _, section) => {
    const parts = once(body, build);
    say(section.querySelector(".panel-note"), noteOf(values));
    set(parts.legend, { hidden: !values.about });
    set(parts.waits, { hidden: Boolean(onescreen.plan) });
    if (!onescreen.plan) return; // it comes with the late bundle, which draws all panels again
    const options = optionsOf(values);
    if (parts.plan) parts.plan.update(options);
    else parts.plan = onescreen.plan(parts.place, options);
  });
})();
