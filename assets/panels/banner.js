// The worst unacknowledged alarm of priority 1, in the header; beside it the weather of now.
(() => {
  "use strict";
  const { h, prioritySign, showPriority, alarmWords, say, set, once, since, measured, named, isUnknown, t } = onescreen.tools;
  const tools = onescreen.tools;
  const DIRECTIONS = ["N", "NE", "E", "SE", "S", "SW", "W", "NW"];
  // Lower ends of the Beaufort forces in m/s.
  const BEAUFORT = [0, 0.3, 1.6, 3.4, 5.5, 8, 10.8, 13.9, 17.2, 20.8, 24.5, 28.5, 32.7];

  function build(body) {
    const sign = prioritySign();
    const level = h("b", { class: "banner-level" }, t("banner.level"));
    const name = h("span");
    const value = h("span");
    const title = h("strong", { class: "banner-title" }, name, value);
    const standing = h("em", { class: "standing" });
    const place = h("span", { class: "banner-place" });
    const started = h("span", { class: "banner-started" });
    const age = h("span");
    const open = h("span", { class: "banner-age" }, h("span", null, `${t("banner.unacknowledged")} `), age);
    const link = h("a", { class: "banner-link" }, sign, level, h("span", { class: "banner-what" }, title, standing), place, started, open);
    body.append(link);
    return { sign, name, value, standing, place, started, age, link };
  }

  function showAlarm(body, alarm) {
    const { sign, name, value, standing, place, started, age, link } = once(body, build);
    set(link, { hidden: !alarm });
    if (!alarm) return;
    const address = `/alarm/${encodeURIComponent(alarm.id)}`;
    set(link, { href: address, "data-open": address });
    showPriority(sign, 1, false);
    const [what, rest] = alarmWords(alarm);
    say(name, what);
    say(value, rest);
    tools.showAlarmStanding(standing, alarm);
    const text = [what + rest, tools.alarmStanding(alarm)].filter(Boolean).join(" · ");
    const limit = isUnknown(alarm.limit) ? [] : [t("banner.limit", { limit: measured(alarm.limit, alarm.unit) })];
    const street = alarm.street ? [named(alarm.street, alarm.street_en)] : [];
    say(place, [...street, ...limit].join(" · "));
    say(started, tools.secondOf(alarm.started_at));
    since(age, "duration", alarm.started_at);
    set(link, { title: text, "aria-label": `${t("banner.level")} ${text}` });
  }

  function force(speed) {
    return BEAUFORT.findLastIndex((least) => speed >= least);
  }

  function weatherText(weather) {
    const parts = [];
    if (!isUnknown(weather.temperature_c)) parts.push(`${tools.decimal(weather.temperature_c)} ℃`);
    if (!isUnknown(weather.wind_mps)) {
      const from = isUnknown(weather.wind_from_deg) ? "" : DIRECTIONS[Math.round(weather.wind_from_deg / 45) % 8];
      const speed = tools.decimal(weather.wind_mps);
      parts.push(t("header.wind", { from: from && t(`wind.${from}`), force: force(weather.wind_mps), speed }));
    }
    if (weather.rain_mm > 0) parts.push(t("header.rain", { mm: tools.decimal(weather.rain_mm) }));
    return parts.join("  ");
  }

  onescreen.definePanel("banner", (body, values, _, section) => {
    showAlarm(body, values.alarm);
    set(section, { "data-burning": Boolean(values.alarm) });
    set(document.documentElement, { "data-burning": Boolean(values.alarm) });
    const weather = document.getElementById("header-weather");
    if (weather) say(weather, values.weather ? weatherText(values.weather) : "");
  });
})();
