// The wiring of the map: takes hold of dash-leaflet's map when it is made, and puts ground, marks, labels, tooltip and
// legend on it. Dash owns the element and never the view: centre and zoom stay where the viewer left them.
(function () {
  "use strict";
  const onescreen = (window.onescreen = window.onescreen || {});
  const CLASS = "onescreen-map";
  const AROUND = { paddingTopLeft: [24, 20], paddingBottomRight: [24, 56], animate: false }; // the legend lies below

  let current = null; // the parts of the mounted map
  let values = {}; // of the panel `map`, kept for a map that is mounted later

  function createPane(map, name, zIndex) {
    const pane = map.createPane(name);
    pane.style.zIndex = zIndex;
    pane.style.pointerEvents = "none";
    return name;
  }

  /** Shows the settings' view, else the whole district, once; afterwards only the viewer moves the map. */
  function createHome(map, { center, zoom }) {
    let bounds = null;
    let isFitted = false;
    const asked = onescreen.askedView?.(); // a shared link shows what its sender saw
    const toLatLng = ([west, south, east, north]) => L.latLngBounds([south, west], [north, east]);

    function show() {
      if (center && zoom != null) map.setView([center[1], center[0]], zoom, { animate: false });
      else if (bounds) map.fitBounds(bounds, AROUND);
    }

    function fitOnce() {
      if (isFitted || !(bounds || center || asked) || !map.getSize().x || !map.getSize().y) return;
      isFitted = true;
      if (asked) map.setView([asked.center[1], asked.center[0]], asked.zoom, { animate: false });
      else show();
    }

    return {
      show,
      fitOnce,
      learn(box) {
        if (bounds || !Array.isArray(box) || box.length !== 4) return;
        bounds = toLatLng(box);
        fitOnce();
      },
    };
  }

  /** Names of the streets, as elements above the marks: sharp at every zoom and with a halo. */
  function createLabels(map, pane) {
    const group = L.layerGroup().addTo(map);
    return {
      set(streets) {
        group.clearLayers();
        for (const street of streets) {
          if (!street.label) continue;
          const name = onescreen.language === "en" && street.name_en ? street.name_en : street.name;
          const element = document.createElement("span");
          element.textContent = name;
          const icon = L.divIcon({ className: "map-street", html: element, iconSize: [0, 0] });
          L.marker([street.label[1], street.label[0]], { icon, pane, interactive: false, keyboard: false }).addTo(group);
        }
      },
      setShown: (flag) => (flag ? group.addTo(map) : group.remove()),
    };
  }

  /** The ring around the mark that is pointed at or selected. */
  function createRing(map, pane, className) {
    const icon = L.divIcon({ className, iconSize: [0, 0] });
    const marker = L.marker([0, 0], { icon, pane, interactive: false, keyboard: false });
    return function highlight(mark) {
      if (!mark) return marker.remove();
      const size = onescreen.worldSize(0);
      marker.setLatLng(map.unproject(L.point(mark.x * size, mark.y * size), 0)).addTo(map);
    };
  }

  function mount(map) {
    if (current) current.remove();
    const settings = (onescreen.settings || {}).map || {};
    const home = createHome(map, settings);
    const hasTiles = onescreen.addTiles(map, settings.tiles);
    const labels = createLabels(map, createPane(map, "onescreen-labels", 620));
    const ground = onescreen.createGround(map, createPane(map, "onescreen-ground", 200), onBasemap, hasTiles);
    const marks = onescreen.createMarksLayer(map, onescreen.marks, createPane(map, "onescreen-marks", 450), settings.thin_above);
    const hover = createRing(map, createPane(map, "onescreen-rings", 610), "map-ring");
    const select = createRing(map, "onescreen-rings", "map-ring map-ring-selected");
    const selection = onescreen.createSelection(onescreen.marks, select);
    const tooltip = onescreen.createTooltip(map, onescreen.marks, marks, { highlight: hover, choose: selection.choose });
    const legend = onescreen.createLegend(map, onSwitch, home.show);
    const callouts = onescreen.createCallouts(map);
    const badges = onescreen.createBadges(map, "onescreen-labels", onescreen.marks);
    const container = map.getContainer();
    container.setAttribute("role", "application");
    container.setAttribute("aria-label", (onescreen.text || {})["map.label"] || "map");

    function onBasemap(base) {
      labels.set(base.streets);
      home.learn(base.bounds);
      callouts.learn(base.bounds);
    }

    function onSwitch(layer, isShown) {
      if (layer === "warning_area") return ground.setShown(layer, isShown);
      if (layer !== "streets") return marks.setVisible(layer, isShown);
      labels.setShown(isShown);
      return ground.setShown(layer, isShown);
    }

    /** Dash shows and hides columns and resizes panels without a resize of the window. */
    const observer = new ResizeObserver(() => {
      map.invalidateSize({ animate: false }); // keeps the centre where somebody put it
      home.fitOnce();
    });

    current = {
      map,
      marks,
      ground,
      legend,
      callouts,
      home,
      remove() {
        current = null;
        observer.disconnect();
        for (const part of [tooltip, selection, legend, callouts, badges, marks, ground]) part.remove();
      },
    };
    map.on("unload", () => current && current.map === map && current.remove());
    home.learn(settings.bounds);
    observer.observe(container);
    ground.sheet.refresh();
    marks.sheet.refresh();
    render(values);
    document.fonts?.ready.then(() => current && current.map === map && ground.sheet.force());
  }

  function render(next) {
    values = { ...values, ...next };
    if (!current) return;
    current.ground.setAreas(values.warning_areas);
    current.legend.setLevels(current.ground.levels());
    current.home.learn(values.bounds);
    current.callouts.set(values.callouts);
  }

  onescreen.on("panel", ({ key, values: next }) => key === "map" && render(next));

  const takeHold = () =>
    L.Map.addInitHook(function () {
      // The view is set after the hooks have run.
      if (this.getContainer().classList.contains(CLASS)) this.whenReady(() => mount(this));
    });
  if (window.L) takeHold();
  else document.addEventListener("DOMContentLoaded", () => window.L && takeHold(), { once: true });

  onescreen.map = {
    isExpected: () => Boolean(current || document.querySelector("." + CLASS)),
    /** Calls back once all marks known so far are on the screen; waits for a map that is still being built. */
    whenDrawn(callback) {
      if (current) current.marks.whenDrawn(callback);
      else if (this.isExpected()) setTimeout(() => this.whenDrawn(callback), 50);
      else callback();
    },
    parts: () => current,
  };
})();
