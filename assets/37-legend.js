// The legend: what the signs mean, which layers are shown, where marks are thinned; and the buttons beside it.
(function () {
  "use strict";
  const onescreen = (window.onescreen = window.onescreen || {});
  // Rows of the legend: what is switched, and whether it is shown at first.
  const ROWS = [
    { key: "camera", isShown: true },
    { key: "offline", isSign: true },
    { key: "sensor", isShown: true },
    { key: "case", isShown: true },
    { key: "overdue", isSign: true },
    { key: "alarm", isShown: true },
    { key: "officer", isShown: false },
    { key: "place", isShown: false },
    { key: "warning_area", isShown: true },
    { key: "streets", isShown: true },
  ];
  const word = (key) => (onescreen.text && onescreen.text[key]) || key;

  function make(tag, className, parent, text) {
    const element = document.createElement(tag);
    element.className = className;
    if (text !== undefined) element.textContent = text;
    parent.appendChild(element);
    return element;
  }

  function row(list, { key, isShown, isSign }, onSwitch) {
    const item = make(isSign ? "span" : "label", "map-legend-row", list);
    item.dataset.layer = key;
    if (!isSign) {
      const box = make("input", "map-legend-box", item);
      box.type = "checkbox";
      box.checked = isShown;
      box.addEventListener("change", () => {
        onSwitch(key, box.checked);
        onescreen.emit("layers");
      });
    }
    make("i", "map-legend-sign", item).setAttribute("aria-hidden", "true");
    make("span", "map-legend-word", item, word("map.layer." + key));
    return make("span", "map-legend-thinned", item, "");
  }

  /** Says of each thinned kind how many marks one sign stands for (1:10). */
  function writeThinning(notes, thinned) {
    for (const [kind, note] of notes) {
      const ratio = thinned[kind];
      note.textContent = ratio ? ` 1:${Math.max(2, Math.round(ratio))}` : "";
      note.title = ratio ? word("map.thinned") : "";
    }
  }

  function button(parent, sign, label, onPress) {
    const element = make("button", "map-button", parent, sign);
    element.type = "button";
    element.setAttribute("aria-label", word(label));
    element.title = word(label);
    element.addEventListener("click", onPress);
    return element;
  }

  /** Builds legend and buttons into the map; `onSwitch(layer, isShown)`, `onHome()`. */
  onescreen.createLegend = function (map, onSwitch, onHome) {
    const asked = onescreen.askedLayers?.() ?? new Map();
    const rows = ROWS.map((entry) => ({ ...entry, isShown: asked.get(entry.key) ?? entry.isShown }));
    const container = make("div", "map-furniture", map.getContainer());
    L.DomEvent.disableClickPropagation(container);
    L.DomEvent.disableScrollPropagation(container);
    const list = make("div", "map-legend", container);
    list.setAttribute("role", "group");
    list.setAttribute("aria-label", word("map.layers"));
    const notes = rows.map((entry) => [entry.key, row(list, entry, onSwitch)]);
    const buttons = make("div", "map-buttons", container);
    button(buttons, "+", "map.zoom_in", () => map.zoomIn());
    button(buttons, "−", "map.zoom_out", () => map.zoomOut());
    button(buttons, "⌂", "map.home", onHome);
    L.control.scale({ imperial: false, position: "bottomright", maxWidth: 120 }).addTo(map);
    for (const { key, isShown, isSign } of rows) if (!isSign && !isShown) onSwitch(key, false);
    const stop = onescreen.on("thinned", (thinned) => writeThinning(notes, thinned));

    return {
      buttons,
      /** Layers that are shown otherwise than at first: `[key, isShown]`. */
      changed: () =>
        ROWS.filter(({ isSign }) => !isSign)
          .map(({ key, isShown }) => [key, list.querySelector(`[data-layer="${key}"] input`).checked, isShown])
          .filter(([, isNow, wasFirst]) => isNow !== wasFirst)
          .map(([key, isNow]) => [key, isNow]),
      /** The colour of the area sign follows the worst warning; without one the row would promise what is not there. */
      setLevels(levels) {
        const item = list.querySelector('[data-layer="warning_area"]');
        item.hidden = levels.length === 0;
        item.dataset.level = levels[0] || "";
      },
      remove: () => (stop(), container.remove()),
    };
  };
})();
