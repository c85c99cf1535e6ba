// All marks of the district in typed arrays, one table per kind, sorted by number; positions as fractions of the
// Mercator world, so that a zoom is one multiplication.
(function () {
  "use strict";
  const onescreen = (window.onescreen = window.onescreen || {});
  const COLUMNS = { number: Uint32Array, state: Uint8Array, category: Uint8Array, x: Float64Array, y: Float64Array };

  const toWorldX = (lon) => lon / 360 + 0.5;
  const toWorldY = (lat) => {
    const sine = Math.sin((lat * Math.PI) / 180);
    return 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI);
  };
  onescreen.toWorld = (lon, lat) => [toWorldX(lon), toWorldY(lat)];

  function emptyTable(count) {
    const table = { count, index: null };
    for (const [name, Type] of Object.entries(COLUMNS)) table[name] = new Type(count);
    return table;
  }

  function toTable(columns) {
    const table = emptyTable(columns.count);
    table.number.set(columns.number);
    table.state.set(columns.state);
    table.category.set(columns.category);
    for (let i = 0; i < columns.count; i++) {
      table.x[i] = toWorldX(columns.lon[i]);
      table.y[i] = toWorldY(columns.lat[i]);
    }
    return table;
  }

  /** Position of a number in the ascending column; where it would be inserted, as -1 - place, when it is not there. */
  function find(table, number) {
    let low = 0;
    let high = table.count - 1;
    while (low <= high) {
      const middle = (low + high) >>> 1;
      const value = table.number[middle];
      if (value === number) return middle;
      if (value < number) low = middle + 1;
      else high = middle - 1;
    }
    return -1 - low;
  }

  /** The table without `removed` (set of numbers) and with `added` (ascending puts), merged in one pass. */
  function merged(table, removed, added) {
    const result = emptyTable(table.count - removed.size + added.length);
    let from = 0;
    let to = 0;
    let next = 0;
    while (from < table.count || next < added.length) {
      const isOld = from < table.count && (next >= added.length || table.number[from] < added[next].number);
      if (!isOld) write(result, to++, added[next++]);
      else if (removed.has(table.number[from])) from++;
      else copy(table, from++, result, to++);
    }
    return result;
  }

  function write(table, i, put) {
    table.number[i] = put.number;
    table.state[i] = put.state;
    table.category[i] = put.category;
    table.x[i] = toWorldX(put.lon);
    table.y[i] = toWorldY(put.lat);
  }

  function copy(source, from, target, to) {
    for (const name in COLUMNS) target[name][to] = source[name][from];
  }

  /** The store: `onReplace()` and `onChange(kind, points)` tell the map; points are world x, y pairs to draw anew. */
  onescreen.createMarks = function () {
    const tables = new Map();
    const listeners = new Set();
    const tell = (name, ...details) => listeners.forEach((listener) => listener[name](...details));

    function replace(marks) {
      tables.clear();
      for (const [kind, columns] of Object.entries(marks)) tables.set(kind, toTable(columns));
      tell("onReplace");
    }

    /** Applies one frame's changes of a kind; unknown numbers without a position cannot be placed and are left out. */
    function apply(kind, puts, removes) {
      const table = tables.get(kind) || emptyTable(0);
      const points = [];
      const added = [];
      for (const put of puts) {
        const i = find(table, put.number);
        if (i >= 0) change(table, i, put, points);
        else if (put.lon !== undefined) added.push(put);
      }
      const removed = new Set(removes.filter((number) => note(table, number, points)));
      for (const put of added) points.push(toWorldX(put.lon), toWorldY(put.lat));
      tables.set(kind, removed.size || added.length ? merged(table, removed, added) : table);
      if (points.length) tell("onChange", kind, points);
    }

    function change(table, i, put, points) {
      points.push(table.x[i], table.y[i]);
      table.state[i] = put.state;
      table.category[i] = put.category;
      if (put.lon === undefined) return;
      table.x[i] = toWorldX(put.lon);
      table.y[i] = toWorldY(put.lat);
      table.index = null;
      points.push(table.x[i], table.y[i]);
    }

    function note(table, number, points) {
      const i = find(table, number);
      if (i >= 0) points.push(table.x[i], table.y[i]);
      return i >= 0;
    }

    /** Calls `visit(i)` for the marks of a kind in a rectangle of world fractions. */
    function search(kind, left, top, right, bottom, visit) {
      const table = tables.get(kind);
      if (!table || !table.count) return;
      table.index = table.index || onescreen.createSpatialIndex(table.x, table.y, table.count);
      table.index(left, top, right, bottom, visit);
    }

    /** Where a mark is and how it stands; null when it is not there. */
    function get(kind, number) {
      const table = tables.get(kind);
      const i = table ? find(table, number) : -1;
      return i < 0 ? null : { kind, number, state: table.state[i], x: table.x[i], y: table.y[i] };
    }

    return { replace, apply, search, get, table: (kind) => tables.get(kind), listeners };
  };

  onescreen.marks = onescreen.createMarks();
})();
