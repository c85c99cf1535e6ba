// Keeps the view in the address, without a step of the history: the map's middle and zoom once somebody has moved it,
// switched layers, the column of a laptop. A link sent to a colleague shows what its sender saw.
(() => {
  "use strict";
  const onescreen = window.onescreen;
  const REST_MS = 400;
  const TOUCHED_MS = 5000; // a map moves on for a while after somebody let go
  let timer = 0;
  let touchedAt = -Infinity;
  let holder = null;

  function write(key, text) {
    const params = new URLSearchParams(location.search);
    if ((params.get(key) ?? "") === text) return;
    if (text) params.set(key, text);
    else params.delete(key);
    const query = params.toString().replaceAll("%2C", ",");
    history.replaceState(history.state, "", location.pathname + (query ? `?${query}` : ""));
  }

  function writeView() {
    const map = onescreen.map.parts()?.map;
    if (!map) return;
    const { lng, lat } = map.getCenter();
    write("map", [lng.toFixed(5), lat.toFixed(5), Number(map.getZoom().toFixed(2))].join(","));
  }

  const touch = () => (touchedAt = performance.now());

  function onMove() {
    if (performance.now() - touchedAt > TOUCHED_MS) return; // a panel was resized, nobody moved anything
    clearTimeout(timer);
    timer = setTimeout(writeView, REST_MS);
  }

  function onHome() {
    touchedAt = -Infinity;
    clearTimeout(timer);
    setTimeout(() => write("map", ""), REST_MS);
  }

  /** Listens to the map that is there now; it may be built anew. */
  function hold() {
    const parts = onescreen.map.parts();
    if (!parts || parts.map === holder) return;
    holder = parts.map;
    holder.on("moveend", onMove);
    const container = holder.getContainer();
    for (const name of ["pointerdown", "wheel", "keydown"]) container.addEventListener(name, touch, { passive: true, capture: true });
    const home = [...parts.legend.buttons.children].find((button) => button.textContent === "⌂");
    home?.addEventListener("click", onHome);
  }

  function onLayers() {
    const changed = onescreen.map.parts()?.legend.changed() ?? [];
    write("layers", changed.map(([key, isShown]) => (isShown ? key : `-${key}`)).join(","));
  }

  function onTab(event) {
    const tab = event.target.closest?.(".column-tab")?.dataset.tab;
    if (tab) write("tab", tab);
  }

  onescreen.on("panel", ({ key }) => key === "map" && hold());
  onescreen.on("layers", onLayers);
  onescreen.on("view", () => setTimeout(writeView, 0));
  document.addEventListener("click", onTab);
  hold();
  const tab = onescreen.askedTab();
  if (tab && document.querySelector(`.column-tab[data-tab="${CSS.escape(tab)}"]:not([hidden])`)) onescreen.scenes.showTab(tab);
})();
