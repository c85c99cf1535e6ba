// Conditions now: six figures with their place and what they are compared with; silent stations are named, not counted.
(() => {
  "use strict";
  const { h, say, set, once, rows, named, decimal, age, now, isUnknown, t, UNKNOWN } = onescreen.tools;
  const { force, sign } = onescreen.weather;
  const signed = (value) => (value > 0 ? "+" : value < 0 ? "−" : "±") + decimal(Math.abs(value));

  // key, unit, whether the value crosses its limit, what stands below it
  const CARDS = [
    { key: "rain", unit: "mm", isOver: ({ value, limit }) => value >= limit, note: rainNote },
    { key: "rain_today", unit: "mm", note: (card) => t("weather.most", { name: placeOf(card), mm: decimal(card.most) }) },
    { key: "gust", unit: "m/s", isOver: ({ value, limit }) => value >= limit, note: gustNote },
    { key: "visibility", unit: "km", isOver: ({ value, limit }) => value < limit, note: visibilityNote },
    { key: "pressure", unit: "", note: ({ change: by }) => (isUnknown(by) ? "" : t("weather.change_3h", { change: signed(by) })) },
    { key: "temperature", unit: "℃", note: temperatureNote },
  ];

  const placeOf = (card) => named(card.name, card.name_en);
  const join = (...parts) => parts.filter(Boolean).join(" "); // a dot would cost the place its last sign

  function rainNote(card) {
    return join(isUnknown(card.before) ? "" : t("weather.hour_before", { mm: decimal(card.before) }), placeOf(card));
  }

  function gustNote(card) {
    return join(t("weather.force", { force: force(card.value) }), placeOf(card)); // the place may be cut, the force not
  }

  function visibilityNote(card) {
    return join(isUnknown(card.limit) ? "" : t("weather.limit", { limit: decimal(card.limit) }), placeOf(card));
  }

  function temperatureNote({ value, change: by }) {
    return isUnknown(by) ? "" : t("weather.yesterday", { value: decimal(value - by) });
  }

  function make({ key, unit }) {
    const value = h("b", { class: "wx-value" }, h("span"), h("i", null, unit));
    const label = h("span", { class: "wx-label" }, h("span", null, t(`weather.${key}`)), sign("over"));
    set(label.firstChild, { "data-explain": `weather.${key}`, tabindex: 0 });
    return h("div", { class: "wx-card", "data-card": key }, label, value, h("span", { class: "wx-note" }));
  }

  function fill(element, { card, isOver, note }) {
    const [label, value, below] = element.children;
    const over = Boolean(card && isOver && !isUnknown(card.limit) && isOver(card));
    set(element, { "data-over": over, "data-unknown": !card });
    set(label.lastChild, { hidden: !over, "aria-label": over ? t("weather.over") : null });
    say(value.firstChild, card ? card.value.toFixed(1) : UNKNOWN);
    set(value.lastChild, { hidden: !card });
    const text = card ? note(card) : "";
    say(below, text);
    set(below, { title: text || null });
  }

  /** 13 / 14 stations; who is left out stands beside it, and on hover in full. */
  function showStations(section, { stations, late }) {
    const subject = section.querySelector(".panel-subject");
    const [fresh, all] = stations ?? [null, null];
    say(subject, isUnknown(all) ? "" : t("weather.stations", { fresh, all }));
    const names = (late ?? []).map((one) => t("weather.late_one", { name: placeOf(one), age: age((now() - one.at) / 1000) }));
    const left = names.length ? t("weather.late", { names: names.join("、") }) : null;
    set(subject, { "data-short": fresh < all, "data-hint": left, tabindex: left ? 0 : null });
    say(section.querySelector(".panel-note"), left ?? "");
  }

  onescreen.definePanel("weather-now", (body, values, _, section) => {
    const list = once(body, () => body.appendChild(h("div", { class: "wx-cards" })));
    rows(list, CARDS.map((card) => ({ ...card, card: values[card.key] })), ({ key }) => key, make, fill);
    showStations(section, values);
  });
})();
