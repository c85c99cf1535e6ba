// Rain and wind: streets by their hour of rain, stations as wind barbs, warned areas dashed. Silent stations are hatched.
(() => {
  "use strict";
  const { h, svg, say, set, once, named, decimal, age, now, minuteOf, isUnknown, t } = onescreen.tools;
  const weather = onescreen.weather;
  const STATION_REM = 0.5; // of the spot that labels keep free: they may lie over the thin lines of a barb
  const LARGE = 2.3; // a barb reaches further than its spot
  const STAFF = 2.35;
  const CALM = 1;

  /** A wind barb: the staff points to where the wind comes from; 4 m/s a full barb, 2 half of one, 20 a flag. */
  function barb(spot, speed, from) {
    const radius = spot * LARGE;
    const r = radius * 0.24;
    const dot = svg("circle", { r, class: "wx-station" });
    if (isUnknown(speed) || isUnknown(from)) return [dot];
    if (speed < CALM) return [dot, svg("circle", { r: 2 * r, class: "wx-calm" })];
    const end = -STAFF * radius;
    const step = radius * 0.34;
    const long = radius * 0.95;
    let left = Math.round(speed / 2) * 2;
    let y = end;
    let d = `M0 ${-r}V${end}`;
    let flags = "";
    for (; left >= 20; left -= 20, y += 1.5 * step) flags += `M0 ${y}H${long}L0 ${y + 1.3 * step}Z`;
    for (; left >= 4; left -= 4, y += step) d += `M0 ${y}L${long} ${y - 0.35 * step}`;
    if (left >= 2) d += `M0 ${y === end ? y + step : y}L${long / 2} ${(y === end ? y + step : y) - 0.18 * step}`;
    const turned = { transform: `rotate(${Math.round(from)})` };
    return [svg("g", turned, weather.path(d, "wx-barb"), weather.path(flags, "wx-flag")), dot];
  }

  function mark(station, strongest, limits) {
    const name = named(station.name, station.name_en);
    const isOver = !isUnknown(limits?.gust) && station.gust >= limits.gust;
    const isStrongest = station.id === strongest?.id;
    const told = {
      name, rain: decimal(station.rain), wind: decimal(station.wind), gust: decimal(station.gust), at: minuteOf(station.at),
      age: age((now() - station.at) / 1000),
    };
    return {
      kind: "station", id: station.id, lon: station.lon, lat: station.lat, state: station.is_fresh ? "normal" : "unknown",
      size_rem: STATION_REM,
      token: `${station.is_fresh}|${station.wind}|${station.wind_from}`,
      symbol: (radius) => (station.is_fresh ? barb(radius, station.wind, station.wind_from) : silent(radius)),
      label: isStrongest ? `${isOver ? "▲ " : ""}${t("weather.map.gust", { gust: decimal(station.gust) })}` : undefined,
      title: t(station.is_fresh ? "weather.map.station" : "weather.map.old", told),
    };
  }

  const silent = (r) => [svg("circle", { r: r * 0.8, class: "wx-silent" }), weather.path(`M${-r * 0.55} ${r * 0.55}L${r * 0.55} ${-r * 0.55}`, "wx-silent")];

  /** Classes of the rain: fixed limits, so that a colour means the same in every storm. */
  function classes(limits) {
    const steps = limits.map((limit, i) => h("span", { class: "plan-class" }, h("i", { "data-strength": i + 1 }), h("span", null, i ? decimal(limit) : `< ${decimal(limits[1])}`)));
    return [h("span", { class: "plan-legend-title" }, `${t("weather.map.rain")} mm`), h("span", { class: "plan-classes" }, ...steps)];
  }

  /** The legend of rain at the bottom left, of barbs and warned areas at the right. */
  function build(body) {
    const sample = (speed) => svg("svg", { viewBox: "-12 -32 30 40", class: "wx-barb-sample" }, ...barb(5.6, speed, 0));
    const barbs = h("span", { class: "wx-barbs" }, sample(2), h("span", null, "2"), sample(4), h("span", null, "4"), sample(20), h("span", null, "20"));
    const warned = h("span", { class: "wx-warned" });
    const legend = h("div", { class: "wx-map-legend" }, h("span", null, t("weather.map.barbs")), barbs, warned);
    const place = h("div", { class: "wx-plan" });
    const rain = h("div", { class: "plan-legend wx-rain-legend" });
    const unknown = h("span", { class: "plan-class plan-class-unknown" }, h("i"), h("span"));
    const waiting = h("p", { class: "none" }, t("weather.map.waiting"));
    body.append(place, h("div", { class: "wx-legends" }, rain, legend), waiting);
    return { place, rain, unknown, warned, waiting, plan: null };
  }

  const NARROW_REM = 46; // legends stand on one another in a narrower map

  function optionsOf(values, body) {
    const stations = (values.stations ?? []).filter(({ lon, lat }) => !isUnknown(lon) && !isUnknown(lat));
    const fresh = stations.filter(({ is_fresh: isFresh, gust }) => isFresh && !isUnknown(gust));
    const strongest = fresh.reduce((most, station) => (!most || station.gust > most.gust ? station : most), null);
    return {
      level: "street",
      values: values.streets ?? {},
      scale: { title: t("weather.map.rain"), unit: "mm", key: "rain", format: decimal, breaks: values.classes?.slice(1) },
      labels: "both",
      legend: false,
      marks: stations.map((station) => mark(station, strongest, values.limits)),
      outlines: (values.areas ?? []).map(({ polygons, level }) => ({ polygons, level })),
      room: { left: 1, right: 2.5, top: 2.4, bottom: body.clientWidth < NARROW_REM * weather.rem() ? 6.5 : 1 },
      title: t("panel.weather-map"),
      onPick: (what) => typeof what === "string" && onescreen.open(`/area/${what}`),
    };
  }

  onescreen.definePanel("weather-map", (body, values, _, section) => {
    const parts = once(body, build);
    say(section.querySelector(".panel-subject"), t("weather.map.subject"));
    const names = (values.areas ?? []).map((area) => t("weather.map.warned", { event: weather.hazard(area), colour: weather.colour(area.level) }));
    say(parts.warned, names.join("、"));
    set(parts.warned, { hidden: !names.length, "data-level": values.areas?.[0]?.level ?? null });
    if (!parts.rain.childElementCount && values.classes) parts.rain.append(...classes(values.classes), parts.unknown);
    const silentStreets = Object.values(values.streets ?? {}).filter(isUnknown).length;
    set(parts.unknown, { hidden: !silentStreets });
    say(parts.unknown.lastChild, t("plan.unknown", { n: silentStreets }));
    set(parts.waiting, { hidden: Boolean(onescreen.plan) });
    if (!onescreen.plan) return;
    if (parts.plan) parts.plan.update(optionsOf(values, body));
    else parts.plan = onescreen.plan(parts.place, optionsOf(values, body));
  });
})();
