// What is under the pointer: the nearest sign, its summary from the server, and the way to its detail page.
(function () {
  "use strict";
  const onescreen = (window.onescreen = window.onescreen || {});
  const HOVER_MS = 80;
  const FRESH_MS = 5000;
  const CACHED = 200;
  const NEAREST_PX = 7;

  /** The topmost mark within reach of a point of the map's container; null when there is none. */
  onescreen.hitMark = function (map, marks, layer, point) {
    const world = onescreen.worldSize(map.getZoom());
    const corner = map.getPixelBounds().min;
    const x = (point.x + corner.x) / world;
    const y = (point.y + corner.y) / world;
    for (const kind of [...onescreen.MARK_ORDER].reverse()) {
      if (!layer.isVisible(kind)) continue;
      const found = nearest(marks, kind, x, y, layer.reach(kind, NEAREST_PX) / world);
      if (found) return found;
    }
    return null;
  };

  function nearest(marks, kind, x, y, reach) {
    const table = marks.table(kind);
    let best = -1;
    let bestDistance = reach * reach;
    marks.search(kind, x - reach, y - reach, x + reach, y + reach, (i) => {
      const distance = (table.x[i] - x) ** 2 + (table.y[i] - y) ** 2;
      // Of marks as near as a pixel, the one drawn on top is meant.
      if (distance < bestDistance || (distance === bestDistance && table.state[i] >= table.state[best])) {
        best = i;
        bestDistance = distance;
      }
    });
    return best < 0 ? null : marks.get(kind, table.number[best]);
  }

  /** Summaries of marks, remembered for some seconds. */
  function createSummaries() {
    const cache = new Map();
    let hovering = null;

    async function read(key, signal) {
      const known = cache.get(key);
      if (known && onescreen.realTime() - known.at < FRESH_MS) return known.summary;
      const response = await fetch("/api/v1/marks/" + key, { signal });
      if (!response.ok) throw new Error("the summary answered " + response.status);
      const summary = await response.json();
      cache.delete(key);
      cache.set(key, { summary, at: onescreen.realTime() });
      if (cache.size > CACHED) cache.delete(cache.keys().next().value);
      return summary;
    }

    const cancel = () => hovering && hovering.abort();
    return {
      cancel,
      /** For the pointer: one request at a time, the older one is given up. */
      glance(mark) {
        cancel();
        hovering = new AbortController();
        return read(mark.kind + "/" + mark.number, hovering.signal);
      },
      /** For a click: holds although the pointer moves on. */
      get: (mark) => read(mark.kind + "/" + mark.number),
    };
  }

  const word = (key, fallback) => (onescreen.text && onescreen.text[key]) || fallback;

  function add(parent, className, text) {
    if (text === "" || text === null || text === undefined) return;
    const line = document.createElement("div");
    line.className = className;
    line.textContent = text; // upstream text: only ever text
    parent.appendChild(line);
  }

  function ageOf(iso) {
    const at = iso ? Date.parse(iso) : NaN;
    const now = onescreen.now();
    if (Number.isNaN(at) || now === null) return "";
    return onescreen.ageText ? onescreen.ageText(now - at) : Math.max(0, Math.round((now - at) / 1000)) + " s";
  }

  const STATE_WORDS = { camera: "device.", sensor: "device.", case: "case.", alarm: "alarm." };

  function stateWord(summary) {
    if (summary.is_overdue) return word("map.layer.overdue", "overdue");
    const prefix = STATE_WORDS[summary.kind];
    return prefix && summary.state ? word(prefix + summary.state, summary.state) : "";
  }

  /** Fills the tooltip: name, kind and state, value with its age, source. */
  function describe(element, mark, summary) {
    element.replaceChildren();
    add(element, "map-tip-name", summary.name || summary.id);
    add(element, "map-tip-state", [word("kind." + mark.kind, mark.kind), stateWord(summary)].filter(Boolean).join(" · "));
    const isMeasured = summary.value !== null && mark.kind !== "place";
    const value = isMeasured ? [summary.label, summary.value, summary.unit].filter((part) => part !== "" && part != null).join(" ") : "";
    add(element, "map-tip-value", [value, ageOf(summary.at)].filter(Boolean).join(" · "));
    add(element, "map-tip-note", summary.explanation || summary.address);
    const source = summary.source || {};
    const health = source.state && source.state !== "ok" ? word("health." + source.state, source.state) : "";
    add(element, "map-tip-source", [source.name || source.key, health].filter(Boolean).join(" · "));
  }

  /** Wires pointer and map; `highlight(mark|null)` rings the mark pointed at, `choose(mark, address)` the one opened. */
  onescreen.createTooltip = function (map, marks, layer, { highlight, choose }) {
    const element = document.createElement("div");
    element.className = "map-tip";
    element.setAttribute("role", "tooltip");
    element.hidden = true;
    map.getContainer().appendChild(element);
    const summaries = createSummaries();
    let pointed = null;
    let timer = 0;
    let clicks = 0;
    let isQueued = false;
    let lastPoint = null;

    function place(point) {
      const size = map.getSize();
      const x = point.x + 16 + element.offsetWidth > size.x ? point.x - 16 - element.offsetWidth : point.x + 16;
      const y = Math.min(Math.max(8, point.y - 12), size.y - element.offsetHeight - 8);
      element.style.transform = `translate(${Math.round(x)}px, ${Math.round(y)}px)`;
    }

    function leave() {
      clearTimeout(timer);
      summaries.cancel();
      pointed = null;
      element.hidden = true;
      map.getContainer().style.cursor = "";
      highlight(null);
    }

    /** While a shape is drawn, the map's pointer is a pen and opens nothing. */
    const isDrawing = () => map.getContainer().classList.contains("is-drawing");

    const isSame = (mark) => pointed && mark && mark.kind === pointed.kind && mark.number === pointed.number;

    function point() {
      isQueued = false;
      if (!lastPoint || isDrawing()) return leave();
      const mark = onescreen.hitMark(map, marks, layer, lastPoint);
      if (isSame(mark)) return place(lastPoint);
      leave();
      if (!mark) return;
      pointed = mark;
      map.getContainer().style.cursor = "pointer";
      highlight(mark);
      timer = setTimeout(() => show(mark), HOVER_MS);
    }

    async function show(mark) {
      const showing = (fill) => {
        if (!isSame(mark)) return;
        fill();
        element.hidden = false;
        place(lastPoint);
      };
      try {
        const summary = await summaries.glance(mark);
        showing(() => describe(element, mark, summary));
      } catch (error) {
        if (error.name !== "AbortError") showing(() => (element.textContent = word("map.no_detail", "—")));
      }
    }

    async function open(event) {
      if (isDrawing()) return;
      const mark = onescreen.hitMark(map, marks, layer, event.containerPoint);
      const click = ++clicks;
      if (!mark) return;
      try {
        const { id } = await summaries.get(mark);
        if (click !== clicks) return; // a slow answer must not open what was clicked before
        const address = `/${mark.kind}/${encodeURIComponent(id)}`;
        choose(mark, address);
        onescreen.open(address);
      } catch (error) {
        console.warn("onescreen: no detail of the mark", String(error));
      }
    }

    map.on("mousemove", (event) => {
      lastPoint = event.containerPoint;
      if (isQueued) return;
      isQueued = true;
      requestAnimationFrame(point);
    });
    map.on("mouseout", () => {
      lastPoint = null;
      leave();
    });
    map.on("movestart zoomstart", leave);
    map.on("click", open);
    return { leave, remove: () => (leave(), element.remove()) };
  };
})();
