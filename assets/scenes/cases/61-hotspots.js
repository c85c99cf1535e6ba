// Hot spots: density over the plan, the densest grids, and what comes back at the same place; numbers are the same on
// the plan and in the list.
(() => {
  "use strict";
  const { h, set, say, once, rows, fitting, count, decimal, named, age, isUnknown, word, t, UNKNOWN } = onescreen.tools;
  const { cases } = onescreen;
  const MOST_SIGNS = 9;
  const ROOM = { left: 0.4, right: 0.4, top: 0.4, bottom: 2.3 }; // below it the legend

  const placeKey = ({ lon, lat }) => `${lon},${lat}`;

  const makeGrid = () =>
    h("button", { type: "button", class: "hot-grid" }, h("span", { class: "tally-name" }), h("span"), h("b"), h("span"));

  function fillGrid(row, grid) {
    const [name, cells, dense, people] = row.children;
    const label = named(grid.name, `${grid.code.slice(-6)} ${grid.street[1] || grid.street[0]}`);
    cases.pickable(row, "grid", grid.code, t("cases.pick", { what: label }));
    set(row, { title: `${label} ${grid.code}` });
    say(name, label);
    say(cells, count(grid.count));
    say(dense, decimal(grid.per_km2));
    say(people, isUnknown(grid.per_1000) ? UNKNOWN : decimal(grid.per_1000));
  }

  const makePlace = () =>
    h("button", { type: "button", class: "hot-place" }, h("i"), h("span", { class: "hot-what" }, h("b"), h("small")),
      h("span", { class: "hot-count" }, h("b"), h("small")));

  function fillPlace(row, place) {
    const [index, what, times] = row.children;
    const name = `${word("subcategory", place.subcategory)} · ${place.address || named(...place.street) || UNKNOWN}`;
    cases.pickable(row, "place", placeKey(place), t("cases.pick", { what: `${name} ${t("cases.hot.count", { n: place.count })}` }));
    set(row, { title: name, "data-overdue": place.overdue > 0 });
    say(index, String(place.index));
    say(what.children[0], word("subcategory", place.subcategory));
    say(what.children[1], place.address || named(...place.street));
    say(times.children[0], t("cases.hot.count", { n: count(place.count) }));
    const state = place.overdue ? t("cases.flow.overdue", { n: place.overdue }) : place.open ? t("cases.hot.open_now", { n: place.open }) : "";
    say(times.children[1], state || t("cases.hot.last", { age: age((onescreen.tools.now() - place.last_at) / 1000) }));
  }

  function listOf(name, columns) {
    const note = h("small");
    const head = h("h3", null, t(`cases.hot.${name}`), columns.length ? null : note, ...columns.map((column) => h("span", null, t(`cases.column.${column}`))));
    const list = h("div", { class: `hot-${name}-list` });
    const none = h("p", { class: "none" }, t(`cases.hot.no_${name}`));
    return { box: h("div", { class: `hot-${name}` }, head, list, none), note, list, none };
  }

  function build(body) {
    const canvas = h("canvas", { class: "heat", "aria-hidden": "true" });
    const legend = h("div", { class: "heat-legend" });
    const none = h("p", { class: "none heat-none" }, t("cases.hot.no_areas"));
    const paper = h("div", { class: "heat-plan" }, canvas, legend, none);
    const grids = listOf("grids", ["count", "per_km2", "per_1000"]);
    const places = listOf("places", []);
    set(grids.box.firstChild, { "data-hint": t("cases.hot.grids_note") });
    const lists = h("div", { class: "hot-lists" }, places.box, grids.box);
    body.append(paper, lists);
    const parts = { lists, canvas, legend, none, paper, grids, places, plan: null, values: null };
    new ResizeObserver(onescreen.calmly(() => parts.values && drawHeat(parts), 120)).observe(paper);
    return parts;
  }

  function pick(what) {
    if (typeof what === "string") cases.pick("street", what);
    else cases.pick("place", what.id);
  }

  /** The plan arrives with the late bundle, which draws all panels again. */
  function showPlan(parts, { density, places }) {
    const marks = places.slice(0, MOST_SIGNS).map((place, index) => ({
      kind: "case", id: placeKey(place), lon: place.lon, lat: place.lat, label: String(index + 1),
      state: place.overdue ? "overdue" : "normal", title: `${index + 1} · ${word("subcategory", place.subcategory)} ${place.address}`,
    }));
    const options = {
      level: "street", labels: "name", legend: false, room: ROOM, marks, onPick: pick, selected: onescreen.choice.get().street ?? null,
      frame: density ? { bounds: density.bounds } : null, title: t("panel.cases-hotspots"),
    };
    if (parts.plan) parts.plan.update(options);
    else if (onescreen.plan) parts.plan = onescreen.plan(parts.paper, options);
  }

  function drawHeat(parts) {
    const { density } = parts.values;
    const { clientWidth: width, clientHeight: height } = parts.paper;
    if (!density || !onescreen.planView || !width || !height) return;
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    const room = Object.fromEntries(Object.entries(ROOM).map(([side, size]) => [side, size * rem]));
    const token = `${width}|${height}|${density.cells}`;
    if (parts.drawn === token) return;
    parts.drawn = token;
    cases.drawHeat(parts.canvas, density, onescreen.planView(density.bounds, width, height, room))
      .catch(() => (parts.drawn = null)); // the ground was not to be had: the next values try again
  }

  function showLegend(legend, density) {
    const steps = density?.peak ? cases.heatBands.map((band, index) => ({ index, value: band * density.peak })) : [];
    rows(legend, steps, ({ index }) => index,
      ({ index }) => {
        const swatch = h("i");
        swatch.style.background = `var(${cases.heatColours[index]})`;
        return h("span", null, swatch, h("b"));
      },
      (entry, { value }) => say(entry.lastChild, value < 10 ? decimal(value) : count(Math.round(value))));
    if (steps.length && !legend.querySelector("small")) legend.append(h("small", null, t("cases.unit.km2")));
  }

  onescreen.definePanel("cases-hotspots", (body, values, _, section) => {
    const parts = once(body, build);
    parts.values = values;
    cases.explain(section);
    const { density, grids = [], places = [] } = values;
    say(section.querySelector(".panel-note"), values.about ? t(`cases.hot.${values.about}`, { n: count(values.count) }) : "");
    set(parts.none, { hidden: Boolean(density) || isUnknown(values.count) });
    showPlan(parts, { density, places });
    drawHeat(parts);
    showLegend(parts.legend, density);
    for (const [part, found] of [[parts.places, places], [parts.grids, grids]]) {
      set(part.none, { hidden: !values.about || found.length > 0 });
      set(part.list, { hidden: found.length === 0 });
    }
    const numbered = places.map((place, index) => ({ ...place, index: index + 1 }));
    set(parts.lists, { "data-empty": !places.length && !grids.length });
    rows(parts.places.list, numbered.slice(0, fitting(parts.places.list, cases.rowRem(parts.places.list), 0)), placeKey, makePlace, fillPlace);
    rows(parts.grids.list, grids.slice(0, fitting(parts.grids.list, cases.rowRem(parts.grids.list), 0)), ({ code }) => code, makeGrid, fillGrid);
    const { places_total: total, place_cases: inPlaces } = values;
    say(parts.places.note, total ? t("cases.hot.places_total", { places: count(total), cases: count(inPlaces) }) : "");
  });
})();
