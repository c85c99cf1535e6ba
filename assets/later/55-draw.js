// Drawing a circle or polygon on the overview's map, with pointer or keyboard; the finished shape goes into the address.
(() => {
  "use strict";
  const onescreen = window.onescreen;
  const { h, set, say, t } = onescreen.tools;
  const KEYBOARD_RADIUS_M = 500;
  const LEAST_CORNERS = 3;
  const MOST_CORNERS = 200;
  const STYLE = { color: "#5ab0ff", weight: 2, fillColor: "#5ab0ff", fillOpacity: 0.08, interactive: false, pane: "onescreen-rings" };

  let layer = null; // the finished shape on the map
  let drawing = null; // what is being drawn: {key, points, ghost, stop}
  const help = h("p", { class: "draw-help", role: "status", hidden: true });

  const lonLat = ({ lng, lat }) => [lng, lat];
  const latLng = ([lon, lat]) => [lat, lon];
  const asked = () => new URLSearchParams(location.search).get("shape");

  function layerOf(shape) {
    if (shape.key === "circle") return L.circle(latLng(shape.centre), { ...STYLE, radius: shape.radius });
    return L.polygon(shape.corners.map(latLng), STYLE);
  }

  /** Puts a shape into the address (null: takes it out) as one step of the history. */
  function keep(shape) {
    const params = new URLSearchParams(location.search);
    if (shape) params.set("shape", `${shape.key}:${onescreen.writeShape(shape)}`);
    else params.delete("shape");
    onescreen.goTo(location.pathname + (params.size ? `?${params}` : ""));
    settle();
  }

  /** The shape of the address on the map. */
  function settle() {
    const text = asked();
    const shape = text ? onescreen.readShape(text) : null;
    onescreen.emit("shape", shape);
    const parts = onescreen.map.parts();
    layer?.remove();
    layer = null;
    if (!shape) return;
    if (!parts) return onescreen.whenMapShown(settle);
    layer = layerOf(shape).addTo(parts.map);
    if (!settle.isShown && !onescreen.askedView()) parts.map.fitBounds(layer.getBounds().pad(0.4), { animate: false });
    settle.isShown = true;
  }

  function start(key) {
    stop();
    onescreen.whenMapShown(({ map }) => {
      const container = map.getContainer();
      const handlers = { click: (event) => add(lonLat(event.latlng)), mousemove: (event) => preview(lonLat(event.latlng)), dblclick: finish };
      map.doubleClickZoom.disable();
      map.on(handlers);
      container.classList.add("is-drawing");
      container.append(help);
      say(help, t(`draw.help.${key}`));
      set(help, { hidden: false });
      container.focus({ preventScroll: true });
      drawing = {
        key, map, points: [], ghost: null,
        stop() {
          map.off(handlers);
          map.doubleClickZoom.enable();
          container.classList.remove("is-drawing");
          set(help, { hidden: true });
        },
      };
    });
  }

  function stop() {
    drawing?.ghost?.remove();
    drawing?.stop();
    drawing = null;
  }

  function add(point) {
    if (!drawing || drawing.points.length >= MOST_CORNERS) return;
    drawing.points.push(point);
    if (drawing.key === "circle" && drawing.points.length === 2) return finish();
    preview(point);
  }

  function ghostOf({ key, points }, pointer) {
    if (key === "circle") return layerOf({ key, centre: points[0], radius: Math.max(1, onescreen.metresBetween(points[0], pointer)) });
    return L.polygon([...points, pointer].map(latLng), { ...STYLE, dashArray: "6 5" });
  }

  function preview(pointer) {
    if (!drawing?.points.length) return;
    drawing.ghost?.remove();
    drawing.ghost = ghostOf(drawing, pointer).addTo(drawing.map);
    if (drawing.key === "circle") say(help, t("draw.radius", { m: onescreen.tools.measured(Math.round(onescreen.metresBetween(drawing.points[0], pointer)), "m") }));
  }

  /** A double click has set its corner twice: corners less than a pixel apart are one. */
  function corners({ map, points }) {
    const places = points.map((point) => map.latLngToContainerPoint(latLng(point)));
    return points.filter((_, i) => i === 0 || places[i].distanceTo(places[i - 1]) > 3);
  }

  function finish() {
    if (!drawing) return;
    const shape = shapeOf(drawing);
    if (!shape) return; // not enough corners yet
    stop();
    settle.isShown = true; // who drew it is looking at it
    keep(shape);
  }

  function shapeOf(current) {
    if (current.key === "circle") {
      const centre = current.points[0] ?? lonLat(current.map.getCenter());
      const radius = current.points[1] ? onescreen.metresBetween(centre, current.points[1]) : KEYBOARD_RADIUS_M;
      return { key: "circle", centre, radius };
    }
    const found = corners(current);
    return found.length >= LEAST_CORNERS ? { key: "polygon", corners: found } : null;
  }

  function onKey(event) {
    if (!drawing) return;
    if (event.key === "Escape") stop();
    else if (event.key === "Enter") finish();
    else if (event.key === " ") add(lonLat(drawing.map.getCenter()));
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  function makeButton(key, sign, parent) {
    const label = t(`draw.${key}`);
    const button = h("button", { type: "button", class: "map-button", "aria-label": label, title: label }, sign);
    button.addEventListener("click", () => start(key));
    parent.append(button);
  }

  /** The map may be built anew: its buttons and the shape come back with it. */
  function furnish() {
    const buttons = onescreen.map.parts()?.legend.buttons;
    if (!buttons || "canDraw" in buttons.dataset) return;
    buttons.dataset.canDraw = "";
    makeButton("circle", "◯", buttons);
    makeButton("polygon", "⬠", buttons);
    settle();
  }

  document.addEventListener("keydown", onKey, true);
  onescreen.on("address", settle);
  onescreen.on("panel", ({ key }) => key === "map" && furnish());
  onescreen.whenMapShown(furnish);
  onescreen.draw = { start, clear: () => keep(null) };
})();
