// The numbers of the camera tiles on the map: list and map name the same camera by the same number. Only close by, where
// neighbouring cameras can be told apart.
(function () {
  "use strict";
  const onescreen = (window.onescreen = window.onescreen || {});
  const FROM_ZOOM = 15;

  onescreen.createBadges = function (map, pane, marks) {
    const group = L.layerGroup();
    let tiles = [];

    function iconOf(tile, index) {
      const element = onescreen.tools.h("span", { "data-device": tile.state }, String(index + 1));
      return L.divIcon({ className: "map-badge", html: element, iconSize: [0, 0] });
    }

    function draw() {
      group.clearLayers();
      const world = onescreen.worldSize(0);
      tiles.forEach((tile, index) => {
        const mark = marks.get("camera", tile.number);
        if (!mark) return;
        const at = map.unproject(L.point(mark.x * world, mark.y * world), 0);
        L.marker(at, { icon: iconOf(tile, index), pane, interactive: false, keyboard: false }).addTo(group);
      });
    }

    function show() {
      if (map.getZoom() >= FROM_ZOOM) group.addTo(map);
      else group.remove();
    }

    function take(values) {
      const section = document.querySelector('[data-panel="cameras"]');
      const room = (section && Number(getComputedStyle(section).getPropertyValue("--tiles"))) || 4;
      tiles = (values?.tiles || []).slice(0, room);
      draw();
    }

    /** The camera wall of another scene says itself which cameras it shows. */
    function takeTiles(shown) {
      tiles = shown;
      draw();
    }

    map.on("zoomend", show);
    const stopTiles = onescreen.on("tiles", takeTiles);
    const stop = onescreen.on("panel", ({ key }) => key === "cameras" && take(onescreen.heldPanel("cameras").values));
    take(onescreen.heldPanel?.("cameras")?.values);
    show();
    return {
      remove() {
        stop();
        stopTiles();
        map.off("zoomend", show);
        group.remove();
      },
    };
  };
})();
