// What several panels of the scene show alike: the signs of a standing, one sensor in a row, a street's name, a choice.
(() => {
  "use strict";
  const { h, set, say, since, measured, percent, isUnknown, word, t } = onescreen.tools;
  const tools = onescreen.tools;
  const iot = (onescreen.iot = onescreen.iot ?? {});

  iot.standings = ["normal", "alarm", "offline", "unknown"];
  iot.kindName = (kind) => (kind ? word("sensor_kind", kind) : t("iot.other"));
  iot.address = ({ id }) => `/sensor/${encodeURIComponent(id)}`;

  const SUFFIXES = /(街道|镇|工业园区管委会| Subdistrict| Town)$/u;

  /** A street without what all streets have in common: 友谊路, Yanghang. */
  iot.shortStreet = (name) => name.replace(SUFFIXES, "") || name;

  let names = new Map(); // code → [name, English name], as the matrix told last

  iot.learnStreets = (streets) => {
    names = new Map((streets ?? []).map(([code, ...both]) => [code, both]));
  };

  iot.streetName = (code) => {
    const both = names.get(code);
    if (!both) return code === "elsewhere" ? t("iot.elsewhere") : code;
    return both[0] ? tools.named(...both) : t("iot.elsewhere");
  };

  /** ▲ over a limit, a hatched box offline, a dashed one unknown: a shape and a number, never colour alone. */
  iot.sign = (standing, level) => {
    const shape = h("i", { class: "iot-shape", "data-standing": standing, "aria-hidden": "true" }, standing === "alarm" ? "▲" : standing === "unknown" ? "?" : "");
    return h("span", { class: "iot-sign", "data-standing": standing, "data-level": level || null }, shape, h("span"));
  };

  iot.showSign = (sign, count, level) => {
    set(sign, { hidden: !count, "data-level": level || null });
    say(sign.lastChild, tools.count(count));
  };

  /** A sensor in a list: sign, name with street, value against its limit, age. */
  iot.makeRow = () =>
    h(
      "a",
      { class: "iot-row" },
      h("i", { class: "iot-shape", "aria-hidden": "true" }),
      h("span", { class: "iot-row-name" }, h("b"), h("span")),
      h("span", { class: "iot-row-value" }, h("b"), h("span")),
      h("span", { class: "iot-row-age" }),
    );

  const SHAPES = { alarm: "▲", unknown: "?", offline: "", normal: "" };

  iot.fillRow = (row, sensor) => {
    const [shape, name, value, age] = row.children;
    const address = iot.address(sensor);
    const { state, level } = sensor;
    set(row, { href: address, "data-open": address, title: sensor.name, "data-state": state, "data-level": level || null });
    set(shape, { "data-standing": state });
    say(shape, SHAPES[state] ?? "");
    say(name.firstChild, sensor.name);
    say(name.lastChild, `${iot.shortStreet(iot.streetName(sensor.street))} · ${iot.kindName(sensor.kind)}`);
    say(value.firstChild, measured(sensor.value, sensor.unit));
    say(value.lastChild, isUnknown(sensor.limit) ? "" : t("iot.limit", { limit: `${sensor.above ? "≥" : "≤"} ${measured(sensor.limit)}` }));
    since(age, "age", sensor.at);
    set(age, { title: t(`iot.${state}`) });
  };

  iot.battery = ({ battery }) => (isUnknown(battery) ? "" : `${percent(battery, 0)}%`);

  /** What the reader picked, "" where nothing: {kind, street, state}. */
  iot.choice = () => ({ kind: "", street: "", state: "", ...onescreen.choice.get() });

  function callChoices() {
    onescreen.choice.call("kind", iot.kindName);
    onescreen.choice.call("state", (state) => onescreen.text[`iot.${state}`] ?? state);
    onescreen.choice.call("street", iot.streetName);
  }

  // Other scenes have a key of the same name: the one that is shown says how its values are called.
  onescreen.on("scene", (scene) => scene === "iot" && callChoices());
  callChoices();

  /** Picks, or takes back what is picked already. */
  iot.pick = (wanted) => {
    const now = iot.choice();
    const isSame = Object.entries(wanted).every(([key, value]) => (value ?? "") === now[key]);
    onescreen.choice.set(isSame ? Object.fromEntries(Object.keys(wanted).map((key) => [key, null])) : wanted);
  };
})();
