// The worst alarms told beside the district, where a wide wall has room: a leader line from the mark to name, value, age.
(function () {
  "use strict";
  const onescreen = (window.onescreen = window.onescreen || {});
  const WIDTH_REM = 17;
  const PITCH_REM = { usual: 3.3, standing: 4.5 }; // from label to label; a label whose source is dead says so in a line of its own
  const GAP_REM = 1.2; // between district and labels
  const CLEAR_REM = { top: 3.6, bottom: 4.6 }; // the panel's heading, the legend
  const RING_REM = { 1: 1.25 }; // radius of an alarm's mark, by priority; the others' is:
  const RING_REM_OTHER = 0.95;

  /** Vertical places near the wished ones (ascending), at least `pitch` apart, between `top` and `bottom`. */
  onescreen.spread = function (wished, pitch, top, bottom) {
    const places = [];
    wished.forEach((y, i) => places.push(Math.max(y, i ? places[i - 1] + pitch : top)));
    let limit = bottom;
    for (let i = places.length - 1; i >= 0; i--) {
      places[i] = Math.min(places[i], limit);
      limit = places[i] - pitch;
    }
    return places;
  };

  /** Callouts know no rule; the alarm list does, and whether somebody is on it by now. */
  function rowOf(callout) {
    const rows = onescreen.heldPanel?.("alarms")?.values?.rows || [];
    return rows.find(({ id }) => id === callout.id) || callout;
  }

  function makeLabel() {
    const { h, prioritySign } = onescreen.tools;
    const words = h("b", { class: "map-callout-words" }, h("span"), h("span"));
    const state = h("span", { class: "map-callout-state" }, h("span"), " ", h("span"), " ", h("em", { class: "standing" }));
    return h("a", { class: "map-callout" }, prioritySign(), words, state);
  }

  function fillLabel(label, callout) {
    const { set, say, since, showPriority, alarmWords, showAlarmStanding, t } = onescreen.tools;
    const [sign, words, state] = label.children;
    const [stage, age, standing] = state.children;
    const [name, rest] = alarmWords(rowOf(callout));
    const address = `/alarm/${encodeURIComponent(callout.id)}`;
    set(label, { href: address, "data-open": address, title: name + rest, "data-priority": callout.priority });
    showPriority(sign, callout.priority, callout.is_acknowledged);
    say(words.firstChild, name);
    say(words.lastChild, rest);
    say(stage, t(callout.is_acknowledged ? "alarms.handling" : "alarms.unacknowledged_short"));
    since(age, "stopwatch", callout.started_at);
    showAlarmStanding(standing, callout);
  }

  /** `set(callouts)`, `learn(bounds of the district)`; shows itself only where `--callouts` says the layout has room. */
  onescreen.createCallouts = function (map) {
    const { h, svg, set, rows } = onescreen.tools;
    const lines = svg("svg", { class: "map-leaders", "aria-hidden": "true" });
    const labels = h("div", { class: "map-callout-list" });
    const box = h("div", { class: "map-callouts" }, lines, labels);
    map.getContainer().append(box);
    L.DomEvent.disableClickPropagation(labels);
    let all = [];
    let bounds = null;

    function district() {
      const [west, south, east, north] = bounds;
      const least = map.latLngToContainerPoint([north, west]);
      const most = map.latLngToContainerPoint([south, east]);
      return { left: least.x, right: most.x, middle: (least.x + most.x) / 2 };
    }

    /** Which alarms can be told on which side: [{callout, point, side}]; none where a label has no room. */
    function sides(rem) {
      const room = Number(getComputedStyle(box).getPropertyValue("--callouts")) || 0;
      if (!bounds || !room) return [];
      const size = map.getSize();
      const { left, right, middle } = district();
      const need = (WIDTH_REM + GAP_REM) * rem;
      const fits = { left: left >= need, right: size.x - right >= need };
      if (!fits.left && !fits.right) return [];
      const isTold = onescreen.insetAbout?.(); // that one is shown enlarged already
      return all.filter(({ id }) => id !== isTold).slice(0, room).flatMap((callout) => {
        const point = map.latLngToContainerPoint([callout.lat, callout.lon]);
        if (point.x < 0 || point.y < 0 || point.x > size.x || point.y > size.y) return [];
        const wished = point.x < middle ? "left" : "right";
        return [{ callout, point, side: fits[wished] ? wished : fits.left ? "left" : "right" }];
      });
    }

    function place() {
      const rem = 16 * onescreen.designScale();
      const told = sides(rem);
      rows(labels, told, ({ callout }) => callout.id, makeLabel, (label, { callout }) => fillLabel(label, callout));
      rows(lines, told, ({ callout }) => callout.id, () => svg("path"), (line, { callout }) => set(line, { "data-priority": callout.priority }));
      for (const side of ["left", "right"]) placeSide(told.filter((one) => one.side === side), side, rem);
    }

    function placeSide(told, side, rem) {
      if (!told.length) return;
      told.sort((a, b) => a.point.y - b.point.y);
      const wished = told.map(({ point }) => point.y);
      const bottom = map.getSize().y - CLEAR_REM.bottom * rem;
      const taken = side === "right" ? (onescreen.insetBottom?.() ?? 0) : 0;
      const isDead = told.some(({ callout }) => (callout.state ?? "live") !== "live");
      const pitch = (isDead ? PITCH_REM.standing : PITCH_REM.usual) * rem;
      const places = onescreen.spread(wished, pitch, Math.max(CLEAR_REM.top * rem, taken + rem), bottom);
      const edge = side === "left" ? district().left - GAP_REM * rem : district().right + GAP_REM * rem;
      told.forEach(({ callout, point }, i) => {
        const label = labels.onescreenRows.get(String(callout.id));
        const x = side === "left" ? edge - WIDTH_REM * rem : edge;
        label.style.transform = `translate(${Math.round(x)}px, ${Math.round(places[i] - 0.7 * rem)}px)`;
        set(label, { "data-side": side });
        set(lines.onescreenRows.get(String(callout.id)), { d: leader(edge, places[i], point, rem, callout.priority) });
      });
    }

    /** From the label straight towards the district, then to the rim of the mark. */
    function leader(edge, y, point, rem, priority) {
      const towards = Math.sign(point.x - edge);
      const start = edge + towards * 0.3 * rem;
      const knee = start + towards * Math.min(2 * rem, Math.abs(point.x - start) / 2);
      const distance = Math.hypot(point.x - knee, point.y - y) || 1;
      const share = Math.max(0, 1 - ((RING_REM[priority] ?? RING_REM_OTHER) * rem) / distance);
      return `M${start} ${y}H${knee}L${knee + (point.x - knee) * share} ${y + (point.y - y) * share}`;
    }

    const handlers = { move: place, zoom: place, resize: place, viewreset: place };
    map.on(handlers);
    const stops = [onescreen.on("panel", ({ key }) => key === "alarms" && place()), onescreen.on("inset", place)];
    return {
      set(callouts) {
        all = (callouts || []).filter(({ lon, lat }) => lon != null && lat != null);
        place();
      },
      learn(box_) {
        bounds = Array.isArray(box_) ? box_ : bounds;
        place();
      },
      remove() {
        for (const stop of stops) stop();
        map.off(handlers);
        box.remove();
      },
    };
  };
})();
