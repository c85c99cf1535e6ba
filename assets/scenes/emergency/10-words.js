// What several panels of the scene say alike: distances with their direction, names of incidents, levels, signs of places.
(() => {
  "use strict";
  const { measured, isUnknown, named, alarmTitle, hazardOf, t } = onescreen.tools;
  const words = (onescreen.emergency = onescreen.emergency ?? {});
  const DIRECTIONS = ["N", "NE", "E", "SE", "S", "SW", "W", "NW"];
  const KM_M = 1000;

  /** 86 m, 1.55 km */
  words.distance = (metres) => {
    if (isUnknown(metres)) return "";
    return metres < KM_M ? t("emergency.m", { n: Math.round(metres) }) : t("emergency.km", { n: measured(metres / KM_M) });
  };

  words.direction = (degrees) => (isUnknown(degrees) ? "" : t(`direction.${DIRECTIONS[Math.round(degrees / 45) % 8]}`));

  /** Where something lies as seen from the incident: "东南 143 m". */
  words.where = ({ distance_m: metres, bearing_deg: degrees }) =>
    [metres > 5 ? words.direction(degrees) : "", words.distance(metres)].filter(Boolean).join(" ");

  /** An alarm or a warning in one line. */
  words.title = (incident) =>
    incident.kind === "warning" ? named(incident.headline || hazardOf(incident.event ?? ""), incident.headline_en) : alarmTitle(incident);

  words.address = ({ kind, id }) => `/${kind}/${encodeURIComponent(id)}`;

  words.sign = (kind) => onescreen.text[`emergency.sign.${kind}`] ?? "·";

  const ARROWS = { 1: "↑", "-1": "↓", 0: "→" };
  words.rate = (rate, unit) => (isUnknown(rate) ? "" : t("emergency.rate", { arrow: ARROWS[Math.sign(rate)], rate: measured(Math.abs(rate), unit) }));

  /** How far beyond a limit, in the value's unit; "" on the safe side. */
  words.over = ({ value, limit, limits, unit }) => {
    if (isUnknown(value) || isUnknown(limit)) return "";
    const isAbove = limits?.find(([, each]) => each === limit)?.[2] ?? true;
    const beyond = isAbove ? value - limit : limit - value;
    return beyond > 0 ? t("emergency.over", { over: measured(Number(beyond.toPrecision(6)), unit) }) : "";
  };

  /** Goes to another incident: {alarm: id} or {warning: id}; nothing picked is the worst. */
  words.pick = ({ kind, id }) => onescreen.choice.set({ alarm: null, warning: null, [kind]: id });
  words.isChosen = () => {
    const { alarm, warning } = onescreen.choice.get();
    return Boolean(alarm || warning);
  };

  const called = (id) => {
    const { incident } = onescreen.heldPanel("emergency-head")?.values ?? {};
    return incident?.id === id ? words.title(incident) : t("emergency.chosen");
  };

  function callChoices() {
    onescreen.choice.call("alarm", called);
    onescreen.choice.call("warning", called);
  }

  // Other scenes have keys of the same names: the one that is shown says how their values are called.
  onescreen.on("scene", (scene) => scene === "emergency" && callChoices());
  callChoices();
})();
