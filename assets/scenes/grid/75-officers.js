// Where people are now, and how they came there: tracks of the last hours, cut where nobody knows.
(() => {
  "use strict";
  const onescreen = window.onescreen;
  const { h, say, set, once, count, isUnknown, t, word, age, now, clock } = onescreen.tools;
  const { grid } = onescreen;
  const FEW = 24; // names are written beside so many marks at most
  const MANY = 80; // more are drawn small: where they are, not who
  const HOURS = 4;
  const TRACKS_MS = 30000;

  const stateOf = (isOn, isLost) => (isLost || isUnknown(isOn) ? "unknown" : isOn ? "normal" : "off-duty");

  /** Marks of a plan for the rows of the panel. */
  grid.officerMarks = (rows) =>
    rows.map(([id, name, role, isOn, at, isLost, , lon, lat]) => {
      const duty = t(`grid.duty.${isUnknown(isOn) ? "unknown" : isOn ? "on" : "off"}`);
      const ago = isUnknown(at) ? "—" : age((now() - at) / 1000);
      return {
        kind: "officer", id, lon, lat, size_rem: rows.length > MANY ? 0.28 : rows.length > FEW ? 0.38 : 0.5, state: stateOf(isOn, isLost), label: rows.length <= FEW ? name : "",
        title: t("grid.officers.at", { name: name || id, role: word("role", role), duty, age: ago }),
      };
    });

  let asked = { area: null, at: -Infinity, tracks: [] };

  /** The tracks of the area, asked for again every half minute while it is looked at. */
  function tracksOf(area, redraw) {
    if (!area) return [];
    const isSame = asked.area === area;
    if (isSame && performance.now() - asked.at < TRACKS_MS) return asked.tracks;
    asked = { area, at: performance.now(), tracks: isSame ? asked.tracks : [] };
    fetch(`/api/tracks?area=${encodeURIComponent(area)}&hours=${HOURS}`)
      .then((response) => (response.ok ? response.json() : Promise.reject(new Error(`tracks answered ${response.status}`))))
      .then(({ tracks }) => {
        if (asked.area !== area) return;
        asked.tracks = tracks;
        redraw();
      })
      .catch((error) => console.warn("onescreen: no tracks", String(error)));
    return asked.tracks;
  }

  const lineOf = ({ name, points }) => {
    const first = points.find(Boolean);
    return {
      style: "track", label: first ? t("grid.officers.track", { name, at: clock(first[0]) }) : null,
      points: points.map((point) => (point ? [point[1], point[2]] : null)),
    };
  };

  function options(values, redraw) {
    const level = values.path.at(-1)?.[3] || "street";
    return {
      level, within: "", labels: values.area ? "none" : "name", frame: values.area ? { codes: [values.area] } : null,
      selected: values.area, marks: grid.officerMarks(values.rows), lines: tracksOf(values.area, redraw).map(lineOf),
      onPick: (what) => (typeof what === "string" ? grid.look({ area: what }) : onescreen.open(`/officer/${encodeURIComponent(what.id)}`)),
    };
  }

  onescreen.definePanel("grid-officers", (body, values, _, section) => {
    const parts = once(body, () => ({ plan: body.appendChild(h("div", { class: "grid-plan" })), none: body.appendChild(h("div", { class: "none" })), drawn: null }));
    const ways = values.area ? ` · ${t("grid.officers.tracks", { hours: HOURS })}` : "";
    const unknown = values.unknown ? ` · ${t("grid.officers.unknown", { n: count(values.unknown) })}` : "";
    grid.subject(section, grid.placeName(values));
    say(section.querySelector(".panel-note"), t("grid.officers.note", { on: count(values.on_duty), of: count(values.of) }) + unknown + ways);
    say(parts.none, values.rows.length ? "" : t("grid.officers.none"));
    set(parts.none, { hidden: values.rows.length > 0 });
    if (!onescreen.plan) return;
    const redraw = () => parts.drawn?.update(options(values, () => {}));
    if (parts.drawn) redraw();
    else parts.drawn = onescreen.plan(parts.plan, options(values, redraw));
  });
})();
