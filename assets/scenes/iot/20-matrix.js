// Kinds × streets: a cell says how many sensors there are, and by sign and number how many are not normal. Both margins
// add up to the KPI. A cell, a row's or a column's head picks kind and street for the other panels.
(() => {
  "use strict";
  const { h, set, say, once, rows, count, t } = onescreen.tools;
  const { iot } = onescreen;
  const ABNORMAL = ["alarm", "offline", "unknown"];
  const STEPS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

  const makeCell = (role) => {
    const total = h("b");
    const signs = h("span", { class: "iot-signs" }, ...ABNORMAL.map((standing) => iot.sign(standing)));
    const cell = h("div", { class: "iot-cell", role, tabindex: -1 }, total, signs);
    cell.onescreenParts = { total, signs: [...signs.children] };
    return cell;
  };

  function fillCell(cell, { counts, kind, street, isMargin }) {
    const [normal, alarm, offline, unknown, level] = counts;
    const all = normal + alarm + offline + unknown;
    const { total, signs } = cell.onescreenParts;
    say(total, all ? count(all) : "");
    [alarm, offline, unknown].forEach((number, i) => iot.showSign(signs[i], number, i === 0 ? level : 0));
    const names = { street: street ? iot.streetName(street) : t("iot.all"), kind: kind ? iot.kindName(kind) : t("iot.all") };
    const label = all ? t("iot.cell", { ...names, total: all, normal, alarm, offline, unknown }) : `${names.street} ${names.kind}: ${t("iot.none_here")}`;
    const now = iot.choice();
    const isPicked = Boolean(now.kind || now.street) && now.kind === (kind ?? "") && now.street === (street ?? "");
    set(cell, {
      "aria-label": label,
      title: label,
      "data-empty": !all,
      "data-margin": isMargin,
      "data-level": alarm ? level : null,
      "data-offline": offline > 0,
      "data-unknown": unknown > 0,
      "aria-selected": isPicked ? "true" : "false",
    });
    cell.onescreenPick = all ? { kind: kind ?? null, street: street ?? null } : null;
  }

  const makeHead = (role) => h("div", { class: "iot-head", role, tabindex: -1 });

  function fillHead(head, { text, pick, title }) {
    say(head, text);
    const now = iot.choice();
    const isPicked = pick && Object.entries(pick).every(([key, value]) => now[key] === (value ?? "")) && Object.values(pick).some(Boolean);
    set(head, { title, "data-picked": isPicked });
    head.onescreenPick = pick;
  }

  /** One row of the grid: its head, its cells, its total. */
  const makeRow = () => h("div", { class: "iot-line", role: "row" });

  function fillRow(line, { kind, cells, total, streets }) {
    const name = kind ? iot.kindName(kind) : t("iot.all");
    const items = [
      { key: "head", text: name, pick: { kind: kind ?? null, street: null }, title: name, isHead: true },
      ...cells.map((counts, i) => ({ key: streets[i][0], counts, kind, street: streets[i][0], isMargin: !kind })),
      { key: "total", counts: total, kind, street: null, isMargin: true },
    ];
    const make = (item) => (item.isHead ? makeHead("rowheader") : makeCell("gridcell"));
    rows(line, items, (item) => item.key, make, (element, item) => (item.isHead ? fillHead : fillCell)(element, item));
    set(line, { "data-total": !kind });
  }

  function fillHeads(line, streets) {
    const items = [
      { key: "kind", text: t("iot.kind"), pick: null, title: null },
      ...streets.map(([code]) => {
        const name = iot.streetName(code);
        return { key: code, text: iot.shortStreet(name), pick: { kind: null, street: code }, title: name };
      }),
      { key: "total", text: t("iot.all"), pick: { kind: null, street: null }, title: t("iot.all") },
    ];
    rows(line, items, (item) => item.key, () => makeHead("columnheader"), fillHead);
  }

  function build(body) {
    const heads = h("div", { class: "iot-line iot-heads", role: "row" });
    const lines = h("div", { class: "iot-lines", role: "rowgroup" });
    const grid = h("div", { class: "iot-matrix", role: "grid", "aria-label": t("panel.iot-matrix") }, heads, lines);
    const legend = h(
      "p",
      { class: "iot-legend" },
      h("span", null, t("iot.legend")),
      ...ABNORMAL.map((standing) => {
        const sign = iot.sign(standing, standing === "alarm" ? 2 : 0);
        say(sign.lastChild, t(`iot.${standing}`));
        return sign;
      }),
      h("span", { class: "iot-hint" }, t("iot.pick")),
    );
    body.append(grid, legend);
    grid.addEventListener("click", (event) => choose(event.target));
    grid.addEventListener("keydown", onKey);
    onescreen.choice?.on(() => body.onescreenShow?.());
    return { grid, heads, lines };
  }

  function choose(target) {
    const picked = target.closest(".iot-cell, .iot-head");
    if (picked?.onescreenPick) iot.pick(picked.onescreenPick);
  }

  /** One stop of the Tab key; arrows go from cell to cell. */
  function onKey(event) {
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      return choose(event.target);
    }
    const step = STEPS[event.key];
    const cell = event.target.closest(".iot-cell, .iot-head");
    if (!step || !cell) return;
    event.preventDefault();
    const lines = [...event.currentTarget.querySelectorAll(".iot-line")];
    const row = lines.indexOf(cell.parentElement);
    const column = [...cell.parentElement.children].indexOf(cell);
    const next = lines[row + step[0]]?.children[column + step[1]];
    if (!next) return;
    set(cell, { tabindex: -1 });
    set(next, { tabindex: 0 });
    next.focus();
  }

  function show(body, values) {
    const { grid, heads, lines } = once(body, build);
    const { kinds, streets } = values;
    set(grid, { hidden: !kinds });
    if (!kinds) return;
    iot.learnStreets(streets);
    grid.style.setProperty("--streets", streets.length);
    fillHeads(heads, streets);
    const items = kinds.map((kind) => ({ kind, streets, ...values[`row:${kind}`] }));
    items.push({ kind: null, streets, cells: values.columns, total: values.total });
    rows(lines, items, (item) => item.kind ?? "*", makeRow, fillRow);
    if (!grid.querySelector('[tabindex="0"]')) set(lines.querySelector(".iot-cell"), { tabindex: 0 });
  }

  onescreen.definePanel("iot-matrix", (body, values, _, section) => {
    body.onescreenShow = () => show(body, onescreen.heldPanel("iot-matrix")?.values ?? values);
    show(body, values);
    const [normal, alarm, offline, unknown] = values.total ?? [];
    const parts = [normal, alarm, offline, unknown].map((n, i) => `${t(`iot.${iot.standings[i]}`)} ${count(n)}`);
    say(section.querySelector(".panel-note"), parts.join(" · "));
  });
})();
