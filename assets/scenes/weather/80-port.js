// The port's board: what is measured at each berth against its limits, and in plain words whether it may be used.
(() => {
  "use strict";
  const { h, say, set, once, rows, named, measured, clock, age, now, isUnknown, t, UNKNOWN } = onescreen.tools;
  const weather = onescreen.weather;
  const QUANTITIES = ["gust", "visibility", "depth"];
  const UNITS = { gust: "m/s", visibility: "km", depth: "m" };
  const SIGNS = { closed: "closed", restricted: "over", open: "open", unknown: "unknown" };
  const SPAN = 2; // a bar ends at twice its limit

  const makeCell = () => h("span", { class: "wx-measure", tabindex: 0 }, h("b"), h("i"), h("s", { "aria-hidden": "true" }, h("u")));

  function makeRow() {
    const verdict = h("span", { class: "wx-verdict" }, weather.sign("open"), h("b"));
    return h("div", { class: "wx-berth" }, h("span", { class: "wx-berth-name" }), ...QUANTITIES.map(makeCell), verdict, h("em"));
  }

  const digits = (name, value) => (isUnknown(value) ? UNKNOWN : value.toFixed(1));

  function fillCell(element, name, one) {
    const [value, limit, bar] = element.children;
    set(element, { "data-absent": !one });
    set(bar, { hidden: !one });
    if (!one) {
      say(value, "");
      say(limit, "");
      return set(element, { "data-verdict": null, title: null });
    }
    say(value, digits(name, one.value));
    say(limit, ` / ${digits(name, one.limit)}`);
    set(element, { "data-verdict": one.verdict, title: whence(name, one) });
    bar.firstChild.style.width = one.is_fresh ? `${Math.min(100, (one.value / (SPAN * one.limit)) * 100).toFixed(1)}%` : "0";
    return element;
  }

  function whence(name, one) {
    if (isUnknown(one.by)) return t("weather.port.no_sensor");
    const value = measured(one.value, UNITS[name]);
    const at = isUnknown(one.at) ? UNKNOWN : clock(one.at);
    const where = t("weather.port.from", { place: one.place, distance: one.distance_m, at });
    const old = isUnknown(one.at) ? t("weather.port.no_sensor") : t("weather.port.old", { value, age: age((now() - one.at) / 1000) });
    return one.is_fresh ? `${value} · ${where}` : `${where} · ${old}`;
  }

  function fillRow(element, row) {
    const [name, ...rest] = element.children;
    const [note, verdict] = [rest.pop(), rest.pop()];
    say(name, named(row.name, row.name_en));
    set(name, { title: named(row.name, row.name_en) });
    QUANTITIES.forEach((quantity, i) => fillCell(rest[i], quantity, row[quantity]));
    set(element, { "data-verdict": row.verdict });
    weather.showSign(verdict.firstChild, SIGNS[row.verdict]);
    say(verdict.lastChild, row.verdict === "unknown" ? t("weather.port.unknown") : t(`weather.port.${row.use}.${row.verdict}`));
    const limited = row.verdict === "restricted" ? named(row.restriction, row.restriction_en) : null;
    const text = limited && limited !== UNKNOWN ? limited : isUnknown(row.reopens_at) ? UNKNOWN : clock(row.reopens_at);
    say(note, text);
    set(note, { title: text });
  }

  function makeGroup() {
    return h("div", { class: "wx-group" }, h("h3"), h("div", { class: "wx-group-rows" }));
  }

  function build(body) {
    const head = h("div", { class: "wx-berth wx-berth-head" },
      h("span", null, t("weather.port.head.name")), ...QUANTITIES.map((name) => h("span", null, t(`weather.port.head.${name}`))),
      h("span", { "data-explain": "weather.port", tabindex: 0 }, t("weather.port.head.verdict")), h("em", null, t("weather.port.head.reopens")));
    const list = h("div", { class: "wx-groups" });
    const none = h("p", { class: "none" }, t("weather.port.none"));
    body.append(head, list, none);
    return { head, list, none };
  }

  function subjectOf({ tide, counts }) {
    const way = isUnknown(tide?.is_rising) ? "" : t(tide.is_rising ? "weather.port.rising" : "weather.port.falling");
    return [tide ? t("weather.port.tide", { level: tide.level.toFixed(2), way }) : "", counts ? t("weather.port.counts", counts) : ""].filter(Boolean).join(" · ");
  }

  onescreen.definePanel("weather-port", (body, values, _, section) => {
    const { head, list, none } = once(body, build);
    const groups = values.groups ?? [];
    set(head, { hidden: !groups.length });
    set(none, { hidden: groups.length > 0 || !values.groups });
    say(section.querySelector(".panel-subject"), groups.length ? subjectOf(values) : "");
    rows(list, groups, ({ name }) => name, makeGroup, (group, { name, name_en: nameEn, rows: berths }) => {
      const [title, inner] = group.children;
      say(title, name ? named(name, nameEn) : "");
      set(title, { hidden: !name });
      group.style.flexGrow = berths.length + (name ? 0.8 : 0);
      rows(inner, berths, ({ key }) => key, makeRow, fillRow);
    });
  });
})();
