// The lower sheet: base map and warning areas in one picture, painted behind the scenes and shown when complete.
(function () {
  "use strict";
  const onescreen = (window.onescreen = window.onescreen || {});
  const RETRY_MS = 10000;

  /** `setAreas(list)`, `setShown("warning_area"|"streets", flag)`, `isShown`; asks for /api/basemap until it has it. */
  onescreen.createGround = function (map, pane, onBasemap, hasTiles) {
    const slices = onescreen.createSlices();
    const hidden = new Set();
    let base = null;
    let areas = [];
    let fingerprint = "[]";
    let isRemoved = false;
    const sheet = onescreen.createSheet(map, pane, paint);

    function paint(view) {
      const canvas = document.createElement("canvas");
      canvas.width = Math.round(view.width * view.ratio);
      canvas.height = Math.round(view.height * view.ratio);
      const context = canvas.getContext("2d");
      slices.start(paintAll(context, view), () =>
        sheet.show(view, (target) => {
          target.clearRect(0, 0, canvas.width, canvas.height);
          target.drawImage(canvas, 0, 0);
        }),
      );
    }

    function* paintAll(context, view) {
      if (!hasTiles) yield* onescreen.paintBasemap(context, view, base, !hidden.has("streets"));
      if (!hidden.has("warning_area")) onescreen.paintAreas(context, view, areas);
    }

    async function load() {
      if (isRemoved) return;
      try {
        const response = await fetch("/api/basemap");
        if (!response.ok) throw new Error("the base map answered " + response.status);
        const answer = await response.json();
        if (isRemoved) return;
        base = onescreen.readBasemap(answer);
        onBasemap(base);
        sheet.force();
        if (!base.streets.length) setTimeout(load, RETRY_MS); // a district that is still being filled
      } catch (error) {
        console.warn("onescreen: no base map yet", String(error));
        setTimeout(load, RETRY_MS);
      }
    }
    load();

    return {
      sheet,
      isShown: (name) => !hidden.has(name),
      setShown(name, flag) {
        if (flag) hidden.delete(name);
        else hidden.add(name);
        sheet.force();
      },
      setAreas(list) {
        const next = JSON.stringify(list || []);
        if (next === fingerprint) return;
        fingerprint = next;
        areas = onescreen.readAreas(list);
        sheet.force();
      },
      levels: () => [...new Set(areas.map((area) => area.level))].reverse(),
      remove() {
        isRemoved = true;
        slices.stop();
        sheet.remove();
      },
    };
  };
})();
