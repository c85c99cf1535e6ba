// What plans are drawn from: /api/plan's areas and ground, each asked for once and shared by every plan of the page.
(() => {
  "use strict";
  const onescreen = (window.onescreen = window.onescreen ?? {});
  const MOST_KEPT = 16;
  const FRESH_MS = 10 * 60 * 1000; // areas change by decree, not by the minute
  const RETRY_MS = 10000;
  const M_PER_DEG = 111195;
  const kept = new Map(); // address → {at, answer: Promise}

  /** `[x, y, dx, dy, …]` in steps is almost the path itself; y grows northwards until the plan turns it over. */
  const pathOf = (flats, isClosed) =>
    flats.map(([x, y, ...ways]) => `M${x} ${y}l${ways.join(" ")}${isClosed ? "z" : ""}`).join("");

  /** Smallest and largest x and y of rings. */
  function extentOf(flats) {
    const box = [Infinity, Infinity, -Infinity, -Infinity];
    for (const flat of flats) {
      let x = 0;
      let y = 0;
      for (let i = 0; i < flat.length; i += 2) {
        x += flat[i];
        y += flat[i + 1];
        box[0] = Math.min(box[0], x);
        box[1] = Math.min(box[1], y);
        box[2] = Math.max(box[2], x);
        box[3] = Math.max(box[3], y);
      }
    }
    return box;
  }

  async function ask(address) {
    const response = await fetch(address);
    if (!response.ok) throw new Error(`${address} answered ${response.status}`);
    return response.json();
  }

  function get(address, read) {
    const known = kept.get(address);
    if (known && performance.now() - known.at < FRESH_MS) return known.answer;
    const answer = ask(address).then(read);
    kept.set(address, { at: performance.now(), answer });
    if (kept.size > MOST_KEPT) kept.delete(kept.keys().next().value);
    answer.catch(() => kept.delete(address)); // whoever waits for it asks again
    return answer;
  }

  function readAreas(answer) {
    const areas = new Map();
    for (const area of answer.areas) {
      areas.set(area.code, { ...area, path: pathOf(area.rings, true), extent: extentOf(area.rings), rings: null });
    }
    return { origin: answer.origin, step: answer.step, bounds: answer.bounds, areas };
  }

  function readGround(answer) {
    const layers = {};
    for (const [key, { areas, lines }] of Object.entries(answer.layers)) {
      layers[key] = { area: areas.map(([, rings]) => pathOf(rings, true)).join(""), line: pathOf(lines, false) };
    }
    return {
      origin: answer.origin, step: answer.step, bounds: answer.bounds, layers,
      outline: pathOf(answer.outline, true), streets: pathOf(answer.streets, true),
    };
  }

  onescreen.planData = {
    RETRY_MS,
    areas: (level, within) => get(`/api/plan?level=${level}&within=${encodeURIComponent(within ?? "")}`, readAreas),
    ground: () => get("/api/plan/ground", readGround),
  };

  const metresEast = (lat) => M_PER_DEG * Math.cos((lat * Math.PI) / 180);

  /** West, south, east, north around a point. */
  onescreen.boundsAround = ([lon, lat], metres) => {
    const [dx, dy] = [metres / metresEast(lat), metres / M_PER_DEG];
    return [lon - dx, lat - dy, lon + dx, lat + dy];
  };

  /** A flat view of bounds in a box of pixels with room kept free at its sides: positions and groups to pixels. */
  onescreen.planView = (bounds, width, height, room) => {
    const [west, south, east, north] = bounds;
    const middle = (south + north) / 2;
    const narrow = Math.cos((middle * Math.PI) / 180);
    const [wide, high] = [Math.max(1, width - room.left - room.right), Math.max(1, height - room.top - room.bottom)];
    const perDegree = Math.min(wide / Math.max(1e-6, (east - west) * narrow), high / Math.max(1e-6, north - south));
    const left = room.left + wide / 2 - ((west + east) / 2) * narrow * perDegree;
    const top = room.top + high / 2 + middle * perDegree;
    return {
      width, height, perDegree,
      at: ([lon, lat]) => [left + lon * narrow * perDegree, top - lat * perDegree],
      metres: (m) => (m / M_PER_DEG) * perDegree,
      transform: ({ origin: [lon, lat], step }) => {
        const scale = step * perDegree;
        const [x, y] = [left + lon * narrow * perDegree, top - lat * perDegree];
        return `matrix(${scale * narrow} 0 0 ${-scale} ${x.toFixed(2)} ${y.toFixed(2)})`;
      },
    };
  };
})();
