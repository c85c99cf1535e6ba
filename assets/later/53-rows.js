// Lists of records over any scene: the rows behind a number, what lies inside a shape, any filtered collection.
// The address says which (`rows=cases?number=cases_overdue`), so a list can be sent, reloaded and left by "back".
(() => {
  "use strict";
  const onescreen = window.onescreen;
  const { h, say, set, clock, count, isUnknown, measured, t } = onescreen.tools;
  const PAGE = 100;
  const RETRY_MS = 4000;
  const FORMATS = ["csv", "xlsx", "geojson"];

  const heading = h("h2", { id: "rows-title" });
  const files = h("nav", { class: "rows-files", "aria-label": t("rows.export") });
  const close = h("button", { type: "button", class: "rows-close", "aria-label": t("rows.close"), title: t("rows.close") }, "×");
  const head = h("tr");
  const body = h("tbody");
  const table = h("table", { "aria-labelledby": "rows-title" }, h("thead", null, head), body);
  const note = h("p", { class: "rows-note", role: "status" });
  const more = h("button", { type: "button", class: "rows-more", hidden: true });
  const scroll = h("div", { class: "rows-scroll", tabindex: 0, role: "region", "aria-labelledby": "rows-title" }, table, more, note);
  const panel = h(
    "section",
    { class: "rows", role: "dialog", "aria-labelledby": "rows-title", hidden: true, tabindex: -1 },
    h("div", { class: "rows-head" }, heading, files, close),
    scroll,
  );

  let shown = null; // the address of the list that is shown
  let listed = 0;
  let total = 0;
  let timer = 0;
  let opener = null;

  const asked = () => new URLSearchParams(location.search).get("rows");
  const split = (address) => {
    const [collection, query] = address.split("?");
    return { collection, params: new URLSearchParams(query ?? "") };
  };

  /** A page of a list, `{total, columns, rows}`; null when it can't be had right now. */
  onescreen.fetchRows = async (address, { limit = PAGE, offset = 0 } = {}) => {
    const { collection, params } = split(address);
    for (const [key, value] of Object.entries({ limit, offset, lang: onescreen.language })) params.set(key, value);
    try {
      const response = await fetch(`/api/rows/${encodeURIComponent(collection)}?${params}`);
      return response.ok ? await response.json() : null;
    } catch {
      return null;
    }
  };

  const cell = (value) => {
    if (isUnknown(value) || value === "") return onescreen.tools.UNKNOWN;
    if (typeof value === "object") return clock(value.at);
    return typeof value === "number" ? measured(value) : value;
  };

  /** The first words of a row, in one line. */
  onescreen.rowWords = ({ cells }) =>
    cells
      .filter((value) => typeof value !== "number") // a number without its heading says nothing
      .map(cell)
      .filter((text) => text !== onescreen.tools.UNKNOWN)
      .slice(0, 4)
      .join(" · ");

  /** Shows a list as one step of the history: `cases?number=cases_overdue`. */
  onescreen.showRows = (address) => go(address);

  function go(address) {
    const params = new URLSearchParams(location.search);
    if (address) params.set("rows", address);
    else params.delete("rows");
    onescreen.goTo(location.pathname + (params.size ? `?${params}` : ""));
    settle();
  }

  function settle() {
    const address = asked();
    const isCovered = Boolean(onescreen.openAddress()); // a record of the list is read: going back leads here again
    if (address === shown) {
      if (address) set(panel, { hidden: isCovered });
      return;
    }
    clearTimeout(timer);
    shown = address;
    if (!address) return leave();
    if (panel.hidden) opener = document.activeElement;
    set(panel, { hidden: isCovered });
    say(heading, titleOf(address));
    say(note, t("explain.loading"));
    body.replaceChildren();
    head.replaceChildren();
    set(more, { hidden: true });
    listed = total = 0;
    files.replaceChildren(h("span", null, t("rows.export")), ...FORMATS.map((format) => fileLink(address, format)));
    panel.focus({ preventScroll: true });
    load(address);
  }

  function leave() {
    set(panel, { hidden: true });
    if (opener?.isConnected) opener.focus({ preventScroll: true });
    opener = null;
  }

  function titleOf(address) {
    const { collection, params } = split(address);
    const number = params.get("number");
    const what = number && onescreen.text[`number.${number.replace(".among", "")}`] ? t("rows.behind", { number: t(`number.${number.replace(".among", "")}`) }) : t(`collection.${collection}`);
    return params.get("circle") || params.get("polygon") ? `${what} · ${t("rows.inside")}` : what;
  }

  function fileLink(address, format) {
    const { collection, params } = split(address);
    params.set("lang", onescreen.language);
    return h("a", { href: `/api/v1/${collection}/export.${format}?${params}`, download: "" }, format === "geojson" ? "GeoJSON" : format.toUpperCase());
  }

  async function load(address) {
    const answer = await onescreen.fetchRows(address, { offset: listed });
    if (address !== shown) return; // another list by now
    if (!answer) {
      say(note, t("rows.failed"));
      timer = setTimeout(() => load(address), RETRY_MS);
      return;
    }
    if (!listed) head.replaceChildren(...answer.columns.map(({ title }, place) => makeHeading(title, answer.rows, place)));
    body.append(...answer.rows.map(makeRow));
    listed += answer.rows.length;
    total = answer.total;
    say(heading, t("rows.title", { what: titleOf(address), n: count(total) }));
    say(note, total ? t("rows.shown", { shown: count(listed), total: count(total) }) : t("rows.none"));
    const rest = answer.rows.length ? total - listed : 0;
    set(more, { hidden: rest <= 0 });
    say(more, t("rows.more", { n: count(Math.min(PAGE, rest)) }));
  }

  /** Numbers stand to the right, and so does their heading. */
  function makeHeading(title, rows, place) {
    const isNumber = rows.some(({ cells }) => typeof cells[place] === "number");
    return h("th", { scope: "col", class: isNumber ? "is-number" : null }, title);
  }

  function makeRow({ href, cells }) {
    const name = Math.max(0, cells.findIndex((value) => typeof value === "string" && value));
    return h(
      "tr",
      null,
      ...cells.map((value, place) => {
        const isNumber = typeof value === "number";
        const text = cell(value);
        return h("td", { class: isNumber ? "is-number" : null, title: typeof value === "string" ? value : null },
          place === name ? h("a", { href, "data-open": href }, text) : text);
      }),
    );
  }

  more.addEventListener("click", () => load(shown));
  close.addEventListener("click", () => go(null));
  panel.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    go(null);
  });
  document.body.append(panel);
  onescreen.on("address", settle);
  settle();
})();
