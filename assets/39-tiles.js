// A customer's own tiles instead of the base map. Marks stay WGS-84; tiles in GCJ-02 are moved to them, not the reverse:
// the offset is taken at the view's centre (it changes by less than a pixel across a screen) and the pane is shifted.
(function () {
  "use strict";
  const onescreen = (window.onescreen = window.onescreen || {});
  const AXIS = 6378245.0; // Krasovsky 1940, as GCJ-02 uses it
  const ECCENTRICITY = 0.00669342162296594323;

  const wave = (value, period, amplitude) => amplitude * Math.sin((value / period) * Math.PI);

  /** WGS-84 → GCJ-02 in degrees; good to a centimetre, far below a pixel. */
  onescreen.toGcj02 = function (lon, lat) {
    const x = lon - 105;
    const y = lat - 35;
    const ripple = (20 * Math.sin(6 * x * Math.PI) + 20 * Math.sin(2 * x * Math.PI)) * (2 / 3);
    const root = Math.sqrt(Math.abs(x));
    const north =
      -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + ripple +
      (wave(y, 1, 20) + wave(y, 3, 40)) * (2 / 3) + (wave(y, 12, 160) + wave(y, 30, 320)) * (2 / 3);
    const east =
      300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + ripple +
      (wave(x, 1, 20) + wave(x, 3, 40)) * (2 / 3) + (wave(x, 12, 150) + wave(x, 30, 300)) * (2 / 3);
    const radians = (lat / 180) * Math.PI;
    const magic = 1 - ECCENTRICITY * Math.sin(radians) ** 2;
    const perLat = ((AXIS * (1 - ECCENTRICITY)) / (magic * Math.sqrt(magic))) * (Math.PI / 180);
    const perLon = (AXIS / Math.sqrt(magic)) * Math.cos(radians) * (Math.PI / 180);
    return [lon + east / perLon, lat + north / perLat];
  };

  /** Adds the tiles of `settings.map.tiles` to a pane of their own; returns whether there are any. */
  onescreen.addTiles = function (map, tiles) {
    if (!tiles || !tiles.url) return false;
    const pane = map.createPane("onescreen-tiles");
    pane.style.zIndex = 150;
    const isShifted = tiles.crs === "gcj02";

    /** From a WGS-84 pixel position to where GCJ-02 tiles have the same place, in pixels of a zoom. */
    function shift(centre, zoom) {
      if (!isShifted) return L.point(0, 0);
      const [lon, lat] = onescreen.toGcj02(centre.lng, centre.lat);
      return map.project([lat, lon], zoom).subtract(map.project(centre, zoom));
    }

    const Layer = L.TileLayer.extend({
      _getTiledPixelBounds(centre) {
        const bounds = L.TileLayer.prototype._getTiledPixelBounds.call(this, centre);
        const by = shift(centre, this._tileZoom);
        return L.bounds(bounds.min.add(by), bounds.max.add(by));
      },
    });
    const place = () => L.DomUtil.setPosition(pane, shift(map.getCenter(), map.getZoom()).multiplyBy(-1).round());
    if (isShifted) map.on("move zoomend viewreset", place);
    new Layer(tiles.url, {
      pane: "onescreen-tiles",
      minNativeZoom: tiles.min_zoom ?? 0,
      maxNativeZoom: tiles.max_zoom ?? 18,
      maxZoom: 22,
      attribution: tiles.attribution || "",
      className: "onescreen-tile",
    }).addTo(map);
    if (tiles.attribution) L.control.attribution({ prefix: false }).addTo(map);
    place();
    return true;
  };
})();
