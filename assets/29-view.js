// What a shared link says about the view: the map's middle and zoom, which layers are switched, the column of a laptop.
// Read before the map is made; written by assets/later/55-view.js once somebody moves something.
(() => {
  "use strict";
  const onescreen = (window.onescreen = window.onescreen ?? {});
  const param = (key) => new URLSearchParams(location.search).get(key);

  onescreen.reserveKeys("map", "layers", "tab", "shape", "rows");

  /** `map=121.4891,31.4052,13.5` as {center: [lon, lat], zoom}; null when the address says nothing of it. */
  onescreen.askedView = () => {
    const [lon, lat, zoom] = (param("map") ?? "").split(",").map(Number.parseFloat);
    const isSound = Math.abs(lon) <= 180 && Math.abs(lat) <= 85 && zoom >= 3 && zoom <= 22;
    return isSound ? { center: [lon, lat], zoom } : null;
  };

  /** `layers=officer,-camera`: layers shown (or, with a minus, hidden) otherwise than at first. */
  onescreen.askedLayers = () => {
    const words = (param("layers") ?? "").split(",").filter(Boolean);
    return new Map(words.map((word) => (word.startsWith("-") ? [word.slice(1), false] : [word, true])));
  };

  /** The column a laptop was showing, or null. */
  onescreen.askedTab = () => param("tab");
})();
