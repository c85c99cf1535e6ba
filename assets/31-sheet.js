// A canvas that covers the map's view and a margin: panning moves the finished picture, zooming scales it,
// and a new one takes its place when it is complete.
(function () {
  "use strict";
  const onescreen = (window.onescreen = window.onescreen || {});
  const MARGIN = 0.2; // of the view's size, on each side
  const WORLD_PX = 256;

  /** Side of the world at a zoom, in CSS pixels. */
  onescreen.worldSize = (zoom) => WORLD_PX * 2 ** zoom;

  /** What a canvas shows: zoom, top left corner in world pixels at that zoom, and size in CSS pixels. */
  function viewOf(map) {
    const bounds = map.getPixelBounds();
    const size = map.getSize();
    const margin = size.multiplyBy(MARGIN).round();
    const origin = bounds.min.subtract(margin).round();
    return {
      zoom: map.getZoom(),
      x: origin.x,
      y: origin.y,
      width: Math.max(1, size.x + 2 * margin.x),
      height: Math.max(1, size.y + 2 * margin.y),
      ratio: Math.min(window.devicePixelRatio || 1, 2),
    };
  }

  /**
   * One canvas in `pane`. `onView(view)` is called when a new picture is needed; whoever draws it calls
   * `show(view, fill)` when it is complete, where `fill(context)` puts the pixels in.
   */
  onescreen.createSheet = function (map, pane, onView) {
    const canvas = document.createElement("canvas");
    canvas.className = "leaflet-zoom-animated onescreen-sheet";
    canvas.setAttribute("aria-hidden", "true");
    map.getPane(pane).appendChild(canvas);
    const context = canvas.getContext("2d");
    let shown = null;
    let wanted = null;

    /** Puts the finished picture where its place is in `zoom`, seen from the map's pixel origin. */
    function place(zoom, pixelOrigin) {
      if (!shown) return;
      const scale = 2 ** (zoom - shown.zoom);
      const corner = L.point(shown.x, shown.y).multiplyBy(scale).subtract(pixelOrigin);
      L.DomUtil.setTransform(canvas, corner, scale);
    }

    function isCovered(view, bounds) {
      if (!view || view.zoom !== map.getZoom()) return false;
      const { min, max } = bounds;
      return min.x >= view.x && min.y >= view.y && max.x <= view.x + view.width && max.y <= view.y + view.height;
    }

    /** Asks for a new picture unless the shown or the wanted one covers the view. */
    function refresh() {
      const bounds = map.getPixelBounds();
      if (isCovered(wanted, bounds)) return;
      wanted = viewOf(map);
      onView(wanted);
    }

    function force() {
      wanted = null;
      refresh();
    }

    function show(view, fill) {
      const width = Math.round(view.width * view.ratio);
      const height = Math.round(view.height * view.ratio);
      if (canvas.width !== width || canvas.height !== height) {
        canvas.width = width;
        canvas.height = height;
        canvas.style.width = view.width + "px";
        canvas.style.height = view.height + "px";
      }
      fill(context);
      shown = view;
      place(map.getZoom(), map.getPixelOrigin());
    }

    const handlers = {
      zoomanim: (event) => place(event.zoom, map._getNewPixelOrigin(event.center, event.zoom)),
      zoom: () => place(map.getZoom(), map.getPixelOrigin()),
      viewreset: () => place(map.getZoom(), map.getPixelOrigin()),
      move: () => shown && shown.zoom === map.getZoom() && refresh(),
      moveend: refresh,
      resize: refresh,
    };
    map.on(handlers);
    return {
      canvas,
      context,
      refresh,
      force,
      show,
      view: () => shown,
      remove() {
        map.off(handlers);
        canvas.remove();
      },
    };
  };
})();
