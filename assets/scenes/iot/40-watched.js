// Small multiples of the watched sensors, a family per column: last hours, limits, how fast, when the next is reached.
(() => {
  "use strict";
  const { h, set, say, sayParts, once, rows, spark, showSpark, since, measured, minuteOf, isUnknown, t } = onescreen.tools;
  const tools = onescreen.tools;
  const { iot } = onescreen;
  const HOUR_MS = 3_600_000;
  const PAST_MS = 3 * HOUR_MS;
  const AHEAD_MS = HOUR_MS / 2;
  const CARD_REM = 4.9;
  const STEP_MS = 60_000;

  function make() {
    return h(
      "a",
      { class: "iot-watch" },
      h("span", { class: "iot-watch-name" }, h("i", { class: "iot-shape", "aria-hidden": "true" }), h("span"), h("em", { class: "standing" })),
      h("span", { class: "iot-watch-figure" }, h("b"), h("span")),
      h("span", { class: "iot-watch-line" }, spark()),
      h("span", { class: "iot-watch-note" }),
    );
  }

  const ARROWS = { 1: "↑", "-1": "↓", 0: "→" };
  const rateText = (rate) => (isUnknown(rate) ? "" : t("iot.rate", { arrow: ARROWS[Math.sign(rate)], rate: measured(Math.abs(rate)) }));

  function noteParts(sensor) {
    const limit = isUnknown(sensor.limit) ? "" : t("iot.limit", { limit: `${sensor.above ? "≥" : "≤"} ${measured(sensor.limit, sensor.unit)}` });
    const reaches = sensor.reaches && t(sensor.reaches.is_back ? "iot.falls" : "iot.reaches", { at: minuteOf(sensor.reaches.at), limit: measured(sensor.reaches.limit) });
    return [reaches, limit, iot.shortStreet(iot.streetName(sensor.street))];
  }

  function ahead(sensor, to) {
    const last = sensor.points.at(-1);
    if (!last || isUnknown(sensor.rate_per_h) || last[0] >= to) return null;
    const value = last[1] + (sensor.rate_per_h * (to - last[0])) / HOUR_MS;
    return [to, last[1] >= 0 ? Math.max(0, value) : value]; // water does not fall below the ground
  }

  function fill(card, { sensor }) {
    set(card, { hidden: !sensor });
    if (!sensor) return;
    const [name, figure, line, note] = card.children;
    const [shape, words, standing] = name.children;
    const address = iot.address(sensor);
    const isOver = sensor.state === "alarm";
    set(card, { href: address, "data-open": address, title: sensor.name, "data-state": sensor.state, "data-level": sensor.level || null });
    set(shape, { "data-standing": sensor.state });
    say(shape, isOver ? "▲" : sensor.state === "unknown" ? "?" : "");
    say(words, sensor.name);
    const isOld = sensor.state === "offline" || sensor.state === "unknown";
    set(standing, { hidden: !isOld });
    if (isOld) since(standing, "age", sensor.at, "iot.last_reading");
    else set(standing, { "data-since": null });
    say(figure.firstChild, measured(sensor.value, sensor.unit));
    say(figure.lastChild, rateText(sensor.rate_per_h));
    const to = Math.ceil(tools.now() / STEP_MS) * STEP_MS + AHEAD_MS;
    showSpark(line.firstChild, { points: sensor.points, limits: sensor.limits, ahead: isOld ? null : ahead(sensor, to), from: to - AHEAD_MS - PAST_MS, to });
    sayParts(note, noteParts(sensor));
    set(card, { "aria-label": t("iot.spark", { name: sensor.name, value: measured(sensor.value, sensor.unit), text: noteParts(sensor).filter(Boolean).join(" · ") }) });
  }

  const makeFamily = () => h("section", { class: "iot-family" }, h("h3"), h("div", { class: "iot-cards" }), h("p", { class: "none" }, t("iot.no_watched")));

  function slots(values, family) {
    const found = [];
    for (let n = 0; values[`${family}:${n}`] !== undefined; n++) found.push({ key: n, sensor: values[`${family}:${n}`] });
    return found;
  }

  onescreen.definePanel("iot-watched", (body, values) => {
    const families = once(body, (place) => {
      const box = h("div", { class: "iot-families" });
      place.append(box);
      return box;
    });
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    families.style.setProperty("--families", values.families.length);
    // All of them are in the page before one is filled: how many cards have room is measured.
    rows(families, values.families, (family) => family, makeFamily, () => {});
    values.families.forEach((family, place) => {
      const [head, cards, none] = families.children[place].children;
      say(head, t(`iot.family.${family}`));
      const all = slots(values, family);
      const columns = Number(getComputedStyle(cards).getPropertyValue("--columns")) || 1;
      const room = columns * Math.max(1, Math.floor(cards.clientHeight / (CARD_REM * rem)));
      rows(cards, all.slice(0, room), ({ key }) => key, make, fill);
      set(none, { hidden: all.some(({ sensor }) => sensor) });
    });
  });
})();
