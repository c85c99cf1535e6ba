// The place: rings around the incident, people by the letters of the list, sensors, places that help or may be in danger;
// beside it the nearest surroundings, with cameras by the numbers of the tiles. Without an incident the district.
(() => {
  "use strict";
  const { h, svg, set, say, once, t } = onescreen.tools;
  const { emergency } = onescreen;
  const BADGE_REM = 0.72;
  const LEGEND = ["camera", "other_camera", "officer", "sensor", "help", "risk"];
  const INSET_REM = 44; // a plan narrower than this has no room for the inset
  const CLOSE_M = { least: 120, most: 400 };
  const EARTH_M_PER_DEG = 111_195;
  const ROOM = { left: 1, right: 1, top: 1, bottom: 1 };
  const INSET_ROOM_REM = 11;
  const ORDER = ["sensor", "alarm", "officer", "camera"];

  const badge = (className, text) => (radius) => {
    const sign = svg("text", { "text-anchor": "middle", dy: "0.36em", "font-size": radius * (text.length > 1 ? 1.05 : 1.3) });
    say(sign, text);
    const shape = className.includes("place")
      ? svg("rect", { x: -radius, y: -radius, width: 2 * radius, height: 2 * radius, rx: radius * 0.3 })
      : svg("circle", { r: radius });
    return svg("g", { class: className }, shape, sign);
  };

  /** Metres from the centre: flat earth will do for a drawing of a kilometre. */
  const metresFrom = ([lon, lat], mark) =>
    Math.hypot((mark.lon - lon) * Math.cos((lat * Math.PI) / 180), mark.lat - lat) * EARTH_M_PER_DEG;

  /** A mark as the plan draws it: lists and plan name the same thing by the same sign. */
  function marked(mark, isNumbered) {
    const base = { ...mark, isAcknowledged: mark.is_acknowledged, label: "" };
    const own = (className, text) => ({ ...base, symbol: badge(`${className} emergency-badge`, text), token: `${className}${text}`, size_rem: BADGE_REM });
    if (mark.kind === "camera") return isNumbered ? own(`badge-camera badge-${mark.state}`, mark.label) : base;
    if (mark.kind === "officer") return own("badge-officer", mark.label);
    if (mark.kind === "place") return own(`badge-place badge-${mark.role}`, emergency.sign(mark.place_kind) + mark.label);
    if (mark.kind === "alarm") return { ...base, size_rem: mark.is_own && !isNumbered ? 1.25 : 0.8 };
    return base;
  }

  /** People beyond the rows of the list have no letter there, so none here. */
  const isListed = (mark) => mark.kind !== "officer" || mark.label.charCodeAt(0) - 65 < (emergency.peopleShown ?? Infinity);

  const open = (mark) => typeof mark === "object" && onescreen.open(`/${mark.kind}/${encodeURIComponent(mark.id)}`);

  /** Cameras whose number stands on a tile that is shown. */
  function tiled() {
    const section = document.querySelector('[data-panel="emergency-cameras"]');
    const room = (section && Number(getComputedStyle(section).getPropertyValue("--tiles"))) || 4;
    return (mark) => mark.kind !== "camera" || Number(mark.label) <= room;
  }

  function mainOptions({ about, centre, radius_m: radius, rings, outline, marks }, hasInset) {
    const isTiled = tiled();
    return {
      title: t("panel.emergency-plan"),
      frame: centre ? { center: centre, radius_m: radius * 1.05 } : null,
      rings,
      outlines: outline ? [outline] : [],
      marks: marks.filter(isListed).map((mark) => marked(mark, !hasInset && mark.kind === "camera" && isTiled(mark))),
      room: hasInset ? { ...ROOM, left: INSET_ROOM_REM } : ROOM.top,
      legend: false,
      labels: about ? "none" : "name",
      level: about ? null : "street",
      onPick: open,
    };
  }

  function insetOptions({ centre, marks }) {
    const isTiled = tiled();
    const numbered = marks.filter((mark) => mark.kind === "camera" && isTiled(mark));
    const reach = Math.max(0, ...numbered.map((mark) => metresFrom(centre, mark))) * 1.2;
    const radius = Math.min(CLOSE_M.most, Math.max(CLOSE_M.least, reach));
    const isClose = (mark) => mark.kind !== "place" && isTiled(mark) && isListed(mark) && metresFrom(centre, mark) < radius * 1.4;
    // Numbers lie on top: it is by them that pictures are found.
    const shown = marks.filter(isClose).sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
    return {
      radius,
      options: { title: t("emergency.close"), frame: { center: centre, radius_m: radius }, rings: [Math.round(radius / 2 / 10) * 10], marks: shown.map((mark) => marked(mark, true)), legend: false, room: 0.5, onPick: open },
    };
  }

  function build(body) {
    const place = h("div", { class: "emergency-plan" });
    const inset = h("div", { class: "emergency-inset", hidden: true }, h("b"), h("div"));
    const waits = h("p", { class: "none" }, t("emergency.plan_waits"));
    const legend = h("p", { class: "emergency-legend" }, ...LEGEND.map((kind) => h("span", { "data-kind": kind }, t(`emergency.legend.${kind}`))));
    place.append(inset);
    body.append(place, waits, legend);
    return { place, inset, waits, legend, plan: null, close: null };
  }

  function noteOf({ about, radius_m: radius, outline }) {
    if (!about) return t("emergency.plan_calm");
    return outline ? t("emergency.plan_ground") : t("emergency.plan_note", { radius: emergency.distance(radius) });
  }

  function show(parts, name, container, options) {
    if (parts[name]) parts[name].update(options);
    else parts[name] = onescreen.plan(container, options);
  }

  onescreen.definePanel("emergency-plan", (body, values, _, section) => {
    const parts = once(body, build);
    say(section.querySelector(".panel-note"), noteOf(values));
    set(parts.legend, { hidden: !values.about });
    set(parts.waits, { hidden: Boolean(onescreen.plan) });
    if (!onescreen.plan) return; // it comes with the late bundle, which draws all panels again
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    const hasInset = values.rings.length > 0 && parts.place.clientWidth > INSET_REM * rem;
    show(parts, "plan", parts.place, mainOptions(values, hasInset));
    set(parts.inset, { hidden: !hasInset });
    if (!hasInset) return;
    const { radius, options } = insetOptions(values);
    say(parts.inset.firstChild, t("emergency.close_title", { radius: emergency.distance(radius) }));
    show(parts, "close", parts.inset.lastChild, options);
  });
})();
