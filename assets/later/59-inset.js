// Beside the district on a wide wall: the place of the worst alarm enlarged, with the cameras around it that the video
// panel shows, under the same numbers. Only where the map leaves room; the map itself stays where it is.
(() => {
  "use strict";
  const onescreen = window.onescreen;
  const { h, svg, set, say, measured, since, prioritySign, showPriority, alarmWords, t } = onescreen.tools;
  const RADIUS_M = 220;
  const SIDE = 200; // of the drawing's own units
  const WIDEST = { expressway: 9, major_road: 7, minor_road: 4 };
  const LAYERS = ["green", "water", "building", "minor_road", "major_road", "expressway", "rail"]; // from below upwards
  const RETRY_MS = 20000;
  const METRES_PER_DEGREE = 111195;

  const sign = prioritySign();
  const name = h("b", { class: "inset-name" });
  const scale = h("span", { class: "inset-scale" }, t("inset.around", { m: RADIUS_M }));
  const picture = svg("svg", { viewBox: `${-SIDE / 2} ${-SIDE / 2} ${SIDE} ${SIDE}`, class: "inset-picture", "aria-hidden": "true" });
  const state = h("span", { class: "inset-state" });
  const time = h("span");
  const box = h("a", { class: "inset", hidden: true }, h("span", { class: "inset-head" }, sign, name), picture, h("span", { class: "inset-foot" }, state, " · ", time, scale));

  let ground = null; // roads and waters of the district, [{kind, line}]
  let roads = null; // drawn for this place
  let drawnFor = "";
  let hasAsked = false;

  let told = ""; // what the map's labels were last told of the inset

  const wants = () => Number(getComputedStyle(box).getPropertyValue("--inset")) === 1;

  async function loadGround() {
    try {
      const response = await fetch("/api/basemap");
      if (!response.ok) throw new Error(String(response.status));
      const { layers } = await response.json();
      ground = LAYERS.flatMap((kind) => (layers[kind]?.features ?? []).flatMap(({ geometry }) => shapesOf(kind, geometry)));
      draw();
    } catch {
      setTimeout(loadGround, RETRY_MS); // roads are no more than the background
    }
  }

  function shapesOf(kind, geometry) {
    const isArea = Boolean(geometry?.type.endsWith("Polygon"));
    return linesOf(geometry).map((line) => ({ kind, line, isArea }));
  }

  function linesOf(geometry) {
    if (!geometry?.coordinates) return [];
    const depth = { LineString: 0, MultiLineString: 1, Polygon: 1, MultiPolygon: 2 }[geometry.type];
    return depth === undefined ? [] : depth === 0 ? [geometry.coordinates] : geometry.coordinates.flat(depth - 1);
  }

  /** Metres east and north of a place as drawing units, north up. */
  function projector({ lon, lat }) {
    const east = METRES_PER_DEGREE * Math.cos((lat * Math.PI) / 180);
    const unit = SIDE / 2 / RADIUS_M;
    return ([x, y]) => [(x - lon) * east * unit, (lat - y) * METRES_PER_DEGREE * unit];
  }

  const isNear = (points) => {
    const xs = points.map(([x]) => x);
    const ys = points.map(([, y]) => y);
    return Math.min(...xs) < SIDE && Math.max(...xs) > -SIDE && Math.min(...ys) < SIDE && Math.max(...ys) > -SIDE;
  };

  function drawGround(project) {
    return (ground ?? []).flatMap(({ kind, line, isArea }) => {
      const points = line.map(project);
      if (!isNear(points)) return [];
      const d = points.map(([x, y], i) => `${i ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`).join("") + (isArea ? "Z" : "");
      return [svg("path", { d, class: isArea ? `inset-ground inset-${kind}` : `inset-line inset-${kind}`, "stroke-width": WIDEST[kind] ?? 2 })];
    });
  }

  /** Cameras within the picture, numbered as their pictures are. */
  function drawCameras() {
    const { tiles } = onescreen.heldPanel("cameras").values;
    const unit = SIDE / 2 / RADIUS_M;
    return (tiles ?? []).flatMap(({ distance_m: distance, bearing_deg: bearing, state: device }, i) => {
      if (distance === null || distance > RADIUS_M * 0.95) return [];
      const angle = ((bearing - 90) * Math.PI) / 180;
      const place = `translate(${(Math.cos(angle) * distance * unit).toFixed(1)} ${(Math.sin(angle) * distance * unit).toFixed(1)})`;
      return [svg("g", { transform: place, class: "inset-camera", "data-device": device }, svg("circle", { r: 8.5 }), svg("text", { "text-anchor": "middle", y: 4 }, String(i + 1)))];
    }).reverse(); // the nearest last, on top
  }

  function draw() {
    show();
    const now = `${onescreen.insetAbout()}|${onescreen.insetBottom()}`;
    if (now !== told) onescreen.emit("inset");
    told = now;
  }

  function show() {
    const about = onescreen.heldPanel("cameras")?.values?.about;
    const row = onescreen.heldPanel("alarms")?.values?.rows?.find(({ id }) => about === `alarm/${id}`);
    const isShown = Boolean(row) && row.lon !== null && row.lon !== undefined && wants();
    set(box, { hidden: !isShown, "data-about": isShown ? row.id : null });
    if (!isShown) return;
    if (!hasAsked) loadGround();
    hasAsked = true;
    const address = `/alarm/${encodeURIComponent(row.id)}`;
    const words = alarmWords(row).join("");
    set(box, { href: address, "data-open": address, "data-priority": row.priority, "aria-label": `${t("inset.title")} · ${words}` });
    showPriority(sign, row.priority, Boolean(row.acknowledged_at ?? row.is_acknowledged));
    say(name, words);
    say(state, row.limit === null ? measured(row.value, row.unit) : t("banner.limit", { limit: measured(row.limit, row.unit) }));
    since(time, "stopwatch", row.started_at);
    const place = `${row.lon},${row.lat},${Boolean(ground)}`;
    if (place !== drawnFor) roads = drawGround(projector(row));
    drawnFor = place;
    picture.replaceChildren(...roads, svg("circle", { r: 13, class: "inset-here" }), ...drawCameras());
  }

  /** Pixels from the map's top that the inset takes: labels at that side begin below. */
  onescreen.insetBottom = () => (box.hidden || !box.isConnected ? 0 : box.offsetTop + box.offsetHeight);

  /** Id of the alarm that is shown enlarged, or null. */
  onescreen.insetAbout = () => (box.hidden || !box.isConnected ? null : box.dataset.about);

  function furnish() {
    const container = onescreen.map.parts()?.map.getContainer();
    if (container && box.parentElement !== container) {
      container.append(box);
      L.DomEvent.disableClickPropagation(box);
    }
  }

  onescreen.on("panel", ({ key }) => {
    if (!["map", "alarms", "cameras"].includes(key)) return;
    furnish();
    draw();
  });
  onescreen.whenMapShown(() => (furnish(), draw()));
  window.addEventListener("resize", draw);
})();
