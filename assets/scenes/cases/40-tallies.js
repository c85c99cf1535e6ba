// Open cases by category, origin, department and street: bars that can be picked and always add up to their total.
(() => {
  "use strict";
  const { h, set, say, bar, showBar, once, rows, fitting, count, percent, isUnknown, named, t, UNKNOWN } = onescreen.tools;
  const { cases } = onescreen;
  const FEW_DUE = 20; // a rate of fewer says nothing
  const COUNTS = { open: -4, overdue: -3, week: -2, before: -1 }; // where they stand in a row of the wire

  /** What a row of the wire says, whichever its first columns are. */
  const countsOf = (row) => Object.fromEntries(Object.entries(COUNTS).map(([name, index]) => [name, row.at(index)]));

  /** The columns between the bar and the end, by panel. */
  const COLUMNS = {
    "cases-categories": ["open", "share", "overdue", "trend"],
    "cases-origins": ["open", "overdue", "today", "trend"],
    "cases-departments": ["open", "overdue", "ontime", "due"],
    "cases-streets": ["open", "overdue", "per10k", "trend"],
  };

  const CELLS = {
    open: (cell, { open }) => say(cell, count(open)),
    share: (cell, { open, total }) => say(cell, total && !isUnknown(open) ? `${percent(open / total, 0)}%` : UNKNOWN),
    overdue: (cell, { overdue }) => set(say(cell, overdue ? count(overdue) : isUnknown(overdue) ? UNKNOWN : "–"), { "data-overdue": overdue > 0 }),
    trend: (cell, { week, before }) => cases.showTrend(cell, week, before),
    today: (cell, { today }) => say(cell, count(today)),
    due: (cell, { due }) => say(cell, count(due)),
    ontime(cell, { due, ontime, target }) {
      const isTold = due >= FEW_DUE;
      const isBelow = isTold && !isUnknown(target) && ontime / due < target;
      set(say(cell, isTold ? `${percent(ontime / due)}%` : UNKNOWN), { "data-below": isBelow });
    },
    per10k: (cell, { open, population }) =>
      say(cell, population && !isUnknown(open) ? onescreen.tools.decimal((open / population) * 10000) : UNKNOWN),
  };

  const make = (columns, tag = "button") => () =>
    h(tag, { type: tag === "button" ? tag : null, class: "tally" }, h("span", { class: "tally-name" }, h("small"), h("span")), bar(),
      ...columns.map((column) => h(column === "open" ? "b" : "span", { class: `tally-${column}` })));

  function fill(columns) {
    return (row, item) => {
      const [name, rowBar, ...cells] = row.children;
      say(name.firstChild, item.rank ?? "");
      say(name.lastChild, item.name);
      showBar(rowBar, item.most ? item.open / item.most : 0, item.most ? item.overdue / item.most : 0);
      columns.forEach((column, index) => CELLS[column](cells[index], item));
      set(row, { "data-depth": item.depth ?? 0, "data-total": item.isTotal, title: item.name });
      if (item.key) cases.pickable(row, item.key, item.value, t("cases.row", { name: item.name, open: count(item.open), overdue: count(item.overdue) }));
      else if (row.tagName === "BUTTON") set(row, { disabled: true });
    };
  }

  function build(key) {
    return (body) => {
      const columns = COLUMNS[key];
      const head = h("div", { class: "tally tally-head", "aria-hidden": "true" }, h("span", { class: "tally-name" }), h("span"),
        ...columns.map((column) => h("span", { class: `tally-${column}` }, t(`cases.column.${column}`))));
      const list = h("div", { class: "tally-list" });
      const total = make(columns, "div")();
      body.append(head, list, total);
      return { columns, list, total, make: make(columns), fill: fill(columns) };
    };
  }

  const sum = (items, field) => items.reduce((total, item) => (isUnknown(item[field]) || isUnknown(total) ? null : total + item[field]), 0);
  const SUMMED = ["open", "overdue", "week", "before", "today", "due", "ontime", "population"];

  /** What has no room is summed in one row, so that the column still adds up. */
  function fit(items, room) {
    if (items.length <= room) return items;
    const rest = items.slice(room - 1);
    const more = Object.fromEntries(SUMMED.map((field) => [field, sum(rest, field)]));
    return [...items.slice(0, room - 1), { ...rest[0], ...more, rank: "", key: null, value: "more", name: t("cases.more", { n: rest.length }) }];
  }

  function draw(key, body, section, items, total) {
    const parts = once(body, build(key));
    cases.explain(section);
    const room = fitting(parts.list, cases.rowRem(parts.list), 0);
    const shown = items(room);
    const most = Math.max(1, ...shown.map(({ open }) => open ?? 0));
    const every = shown.map((item) => ({ ...item, most, total: total.open, target: total.target }));
    rows(parts.list, every, ({ key: own, value }) => `${own} ${value}`, parts.make, parts.fill);
    parts.fill(parts.total, { ...total, total: total.open, isTotal: true, key: null, name: t("cases.total"), most: 0 });
  }

  /** Categories in order; those that have room, and the chosen one first, with all their subcategories below. */
  function tree(groups, room) {
    const chosen = onescreen.choice.get().category;
    const isOpened = new Set(chosen ? [chosen] : []);
    let left = room - groups.length - (groups.find(({ value }) => value === chosen)?.children.length ?? 0);
    for (const { value, children } of groups) {
      if (value === chosen || children.length > left || children.length < 2) continue;
      left -= children.length;
      isOpened.add(value);
    }
    return groups.flatMap((group) => (isOpened.has(group.value) ? [group, ...group.children] : [group]));
  }

  onescreen.definePanel("cases-categories", (body, values, _, section) => {
    const groups = (values.rows ?? []).map(([category, children, ...rest]) => ({
      key: "category", value: category, name: cases.nameOf("category", category), ...countsOf(rest),
      children: children.map(([child, ...counts]) => ({
        key: "subcategory", value: child, name: cases.nameOf("subcategory", child), depth: 1, ...countsOf(counts),
      })),
    }));
    draw("cases-categories", body, section, (room) => fit(tree(groups, room), room), countsOf(values.total ?? []));
  });

  onescreen.definePanel("cases-origins", (body, values, _, section) => {
    const items = (values.rows ?? []).map((row) => ({
      key: "origin", value: row[0], name: cases.nameOf("origin", row[0]), today: row[1], ...countsOf(row),
    }));
    draw("cases-origins", body, section, (room) => fit(items, room), { ...countsOf(values.total ?? []), today: values.total?.[0] });
  });

  onescreen.definePanel("cases-departments", (body, values, _, section) => {
    const items = (values.rows ?? []).map((row) => ({
      key: "department", value: row[0], name: row[0] === "unknown" ? t("cases.unknown") : named(row[1], row[2]),
      due: row[3], ontime: row[4], ...countsOf(row),
    }));
    const [due, ontime] = values.total ?? [];
    const total = { ...countsOf(values.total ?? []), due, ontime, target: values.target };
    draw("cases-departments", body, section, (room) => fit(items, room), total);
  });

  onescreen.definePanel("cases-streets", (body, values, _, section) => {
    const items = (values.rows ?? []).map((row, index) => ({
      key: "street", value: row[0], name: named(row[1], row[2]), population: row[3], rank: index + 1, ...countsOf(row),
    }));
    const population = sum(items, "population");
    const elsewhere = countsOf(values.elsewhere ?? []);
    if (elsewhere.open) items.push({ ...elsewhere, key: null, value: "elsewhere", name: t("cases.elsewhere"), population: null });
    const total = { ...countsOf(values.total ?? []), population };
    draw("cases-streets", body, section, (room) => fit(items, room), total);
  });
})();
