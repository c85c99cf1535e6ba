// The nearest places that help, and how many of each kind may be in danger, with the nearest of them.
(() => {
  "use strict";
  const { h, set, say, once, rows, count, isUnknown, word, t, age, now } = onescreen.tools;
  const { emergency } = onescreen;

  const makePlace = () => h("a", { class: "emergency-place" }, h("b", { class: "emergency-sign" }), h("span"), h("span"));

  const counted = ({ stock_at: at }) =>
    isUnknown(at) ? t("emergency.stock_never") : t("emergency.stock_age", { age: age((now() - at) / 1000) });

  function fillPlace(row, place) {
    const [sign, name, where] = row.children;
    const address = `/place/${encodeURIComponent(place.id)}`;
    const key = `emergency.capacity.${place.kind}`;
    const capacity = !isUnknown(place.capacity) && onescreen.text[key] ? t(key, { n: count(place.capacity) }) : "";
    const stock = isUnknown(place.stock) ? "" : t("emergency.stock", { n: count(place.stock), unit: place.stock_unit }).trim();
    const title = [place.name, word("place_kind", place.kind), capacity, stock, stock && counted(place)].filter(Boolean).join(" · ");
    set(row, { href: address, "data-open": address, title });
    say(sign, emergency.sign(place.kind) + place.label);
    set(sign, { "data-role": place.role });
    say(name, [place.name, stock].filter(Boolean).join(" · "));
    say(where, emergency.where(place));
  }

  const makeRisk = () => h("a", { class: "emergency-risk" }, h("b", { class: "emergency-sign", "data-role": "risk" }), h("span"), h("b"), h("em"));

  function fillRisk(row, { kind, count: number, rows: nearest }) {
    const [sign, name, total, where] = row.children;
    const [first] = nearest;
    const address = `/place/${encodeURIComponent(first.id)}`;
    set(row, { href: address, "data-open": address, title: nearest.map((place) => `${place.name} ${emergency.where(place)}`).join("\n") });
    say(sign, emergency.sign(kind));
    say(name, word("place_kind", kind));
    say(total, count(number));
    say(where, emergency.where(first));
  }

  function build(body) {
    const help = h("div", { class: "emergency-help" });
    const helpTitle = h("p", { class: "emergency-part" }, h("b", null, t("emergency.help")));
    const title = h("b");
    const risk = h("div", { class: "emergency-risks" });
    const both = h("div", { class: "emergency-both" }, h("div", null, helpTitle, help), h("div", null, h("p", { class: "emergency-part" }, title), risk));
    const none = h("p", { class: "none" });
    body.append(both, none);
    return { both, help, title, risk, none };
  }

  onescreen.definePanel("emergency-resources", (body, values) => {
    const { both, help, title, risk, none } = once(body, build);
    set(both, { hidden: !values.about });
    const places = values.help.flatMap(({ kind, rows: found }) => found.map((place) => ({ ...place, kind, role: "help" })));
    rows(help, places, ({ id }) => id, makePlace, fillPlace);
    const radius = emergency.distance(values.radius_m);
    const isGround = values.about?.startsWith("warning/");
    say(title, values.about ? t(isGround ? "emergency.risk_ground" : "emergency.risk", { radius }) : "");
    rows(risk, values.risk, ({ kind }) => kind, makeRisk, fillRisk);
    say(none, values.about ? t("emergency.no_risk", { radius }) : t("emergency.calm"));
    set(none, { hidden: values.risk.length > 0 });
  });
})();
