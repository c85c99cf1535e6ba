// Showing a place on the map of the overview: a ring with a name, until the next place or Escape.
(() => {
  "use strict";
  const onescreen = window.onescreen;
  const { h } = onescreen.tools;
  const NEAR_ZOOM = 16.5;
  const SHOWN_MS = 50;
  const PATIENCE_MS = 8000;
  let marker = null;

  /** The map's parts once it can be seen; calls back at most once. */
  function whenMapShown(callback, until = performance.now() + PATIENCE_MS) {
    const parts = onescreen.map.parts();
    if (parts && parts.map.getSize().x && parts.map.getContainer().getClientRects().length) return callback(parts);
    if (performance.now() < until) setTimeout(() => whenMapShown(callback, until), SHOWN_MS);
  }

  const isMapShown = () => {
    const section = document.querySelector('[data-panel="map"]');
    return Boolean(section?.getClientRects().length);
  };

  onescreen.whenMapShown = whenMapShown;

  /** Goes to where the overview's map is, unless it is on the screen already. */
  onescreen.goToMap = () => {
    if (onescreen.openAddress()) onescreen.open("home");
    if (!isMapShown()) onescreen.open("/");
    if (!isMapShown()) onescreen.scenes.showTab("map"); // a phone has it in a column of its own
  };

  /** Moves the map to a place and marks it: `{lon, lat, name}`, WGS-84. */
  onescreen.showPlace = ({ lon, lat, name }) => {
    onescreen.goToMap();
    whenMapShown(({ map }) => {
      map.setView([lat, lon], Math.max(map.getZoom(), NEAR_ZOOM), { animate: false });
      const label = h("span", { class: "found-place" }, h("i", { "aria-hidden": "true" }), h("b", null, name));
      const icon = L.divIcon({ className: "", html: label, iconSize: [0, 0] });
      marker?.remove();
      marker = L.marker([lat, lon], { icon, pane: "onescreen-rings", interactive: false, keyboard: false }).addTo(map);
      onescreen.emit("view");
    });
  };

  onescreen.forgetPlace = () => {
    marker?.remove();
    marker = null;
  };
  document.addEventListener("keydown", (event) => event.key === "Escape" && onescreen.forgetPlace());
})();
