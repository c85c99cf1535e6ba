// The one search box: `/` opens it. A combobox after the ARIA pattern: the focus stays in the field, arrows move among
// the options, Enter opens one, Shift+Enter shows it on the map.
(() => {
  "use strict";
  const onescreen = window.onescreen;
  const { h, say, set, named, t } = onescreen.tools;
  const REST_MS = 60; // after a key; an answer takes a few milliseconds
  const RETRY_MS = 1500;
  const MOST_RECENT = 8;
  const RECENT = "onescreen.recent";
  const LIST = "finder-list";

  const field = h("input", {
    class: "finder-field", type: "search", role: "combobox", "aria-expanded": "false", "aria-controls": LIST,
    "aria-autocomplete": "list", "aria-label": t("search.label"), autocomplete: "off", spellcheck: "false",
    placeholder: t("search.placeholder"), maxlength: 80,
  });
  const list = h("div", { id: LIST, class: "finder-list", role: "listbox", "aria-label": t("search.label") });
  const status = h("p", { class: "finder-status", role: "status" });
  const hint = h("p", { class: "finder-hint" }, t("search.hint"));
  const panel = h("div", { class: "finder", role: "search", hidden: true }, field, list, status, hint);

  let options = []; // [{element, item}]
  let chosen = -1;
  let timer = 0;
  let asked = 0;
  let opener = null;

  const isOpen = () => !panel.hidden;

  function open() {
    if (isOpen()) return field.select();
    opener = document.activeElement;
    set(panel, { hidden: false });
    field.value = "";
    showRecent();
    field.focus();
  }

  function close({ refocus = true } = {}) {
    if (!isOpen()) return;
    clearTimeout(timer);
    asked++;
    set(panel, { hidden: true });
    set(field, { "aria-expanded": "false", "aria-activedescendant": null });
    if (refocus && opener?.isConnected) opener.focus({ preventScroll: true });
  }

  function recent() {
    try {
      return JSON.parse(localStorage.getItem(RECENT)) ?? [];
    } catch {
      return []; // storage that is switched off remembers nothing
    }
  }

  function remember(item) {
    const kept = [item, ...recent().filter((other) => other.kind !== item.kind || other.id !== item.id)];
    try {
      localStorage.setItem(RECENT, JSON.stringify(kept.slice(0, MOST_RECENT)));
    } catch {
      // as above
    }
  }

  function showRecent() {
    const items = recent();
    show(items.length ? [{ title: t("search.recent"), items, more: false }] : []);
    say(status, "");
  }

  function ask() {
    const text = field.value.trim();
    clearTimeout(timer);
    const turn = ++asked;
    if (!text) return showRecent();
    timer = setTimeout(() => answer(text, turn), REST_MS);
  }

  async function answer(text, turn) {
    const found = await fetchFound(text);
    if (turn !== asked) return; // somebody has typed on meanwhile
    if (!found.body) {
      say(status, t(found.isEarly ? "search.wait" : "search.failed"));
      timer = setTimeout(() => answer(text, turn), RETRY_MS);
      return;
    }
    const groups = found.body.groups.map(({ kind, items, more }) => ({ kind, title: t(`kind.${kind}`), items, more }));
    if (found.body.spots.length) groups.unshift({ title: t("search.spot"), items: found.body.spots.map(spotItem) });
    show(groups);
    say(status, options.length ? t("search.found", { n: options.length }) : t("search.none", { q: text }));
  }

  async function fetchFound(text) {
    try {
      const response = await fetch(`/api/search?${new URLSearchParams({ q: text })}`);
      return response.ok ? { body: await response.json() } : { isEarly: response.status === 503 };
    } catch {
      return {}; // the line is lost: tried again
    }
  }

  const spotItem = ({ lon, lat, crs }) => ({
    kind: "spot", id: `${crs}:${lon},${lat}`, name: t(`search.spot.${crs}`), lon, lat, href: null,
    address: `WGS-84 ${lon.toFixed(6)}, ${lat.toFixed(6)}`, label: `${lon.toFixed(5)}, ${lat.toFixed(5)} · ${t(`search.spot.${crs}`)}`,
  });

  function show(groups) {
    options = [];
    list.replaceChildren(...groups.map(makeGroup));
    set(field, { "aria-expanded": options.length ? "true" : "false" });
    choose(options.length && field.value.trim() ? 0 : -1);
  }

  function makeGroup({ kind, title, items, more }, index) {
    const heading = h("div", { class: "finder-kind", id: `finder-kind-${index}`, role: "presentation" }, title);
    const rows = items.map(makeOption);
    const rest = more ? h("div", { class: "finder-more", role: "presentation" }, t("search.more", { kind: title })) : null;
    return h("div", { role: "group", "aria-labelledby": heading.id, "data-kind": kind }, heading, ...rows, rest);
  }

  function makeOption(item) {
    const way = onescreen.text[`way.${item.way}`];
    const element = h(
      "div",
      { class: "finder-option", role: "option", id: `finder-option-${options.length}`, "aria-selected": "false" },
      h("b", null, named(item.name, item.name_en)),
      h("span", { class: "finder-where" }, [item.address, item.code === item.name ? "" : item.code].filter(Boolean).join(" · ")),
      way ? h("i", null, way) : null,
    );
    const place = options.length;
    element.addEventListener("pointermove", () => choose(place));
    element.addEventListener("click", (event) => take(place, event.shiftKey));
    options.push({ element, item });
    return element;
  }

  function choose(place) {
    if (chosen >= 0) set(options[chosen]?.element ?? field, { "aria-selected": options[chosen] ? "false" : null });
    chosen = place;
    const element = options[place]?.element;
    if (element) set(element, { "aria-selected": "true" });
    element?.scrollIntoView({ block: "nearest" });
    set(field, { "aria-activedescendant": element?.id ?? null });
  }

  function take(place, isForMap) {
    const { item } = options[place];
    remember(item);
    const isPlaced = item.lon !== null && item.lon !== undefined;
    close({ refocus: false });
    if (isPlaced && (isForMap || !item.href)) onescreen.showPlace({ lon: item.lon, lat: item.lat, name: item.label ?? named(item.name, item.name_en) });
    else if (item.href) onescreen.open(item.href);
  }

  function onKey(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && options.length) choose((chosen + step + options.length) % options.length);
    else if (event.key === "Home" && event.ctrlKey && options.length) choose(0);
    else if (event.key === "End" && event.ctrlKey && options.length) choose(options.length - 1);
    else if (event.key === "Enter" && chosen >= 0) take(chosen, event.shiftKey);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
    event.stopPropagation(); // Escape here closes the box, not the record below it
  }

  const isTyping = (target) => target.closest?.("input:not([type=checkbox]), textarea, select, [contenteditable]");

  function onPageKey(event) {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    event.preventDefault();
    open();
  }

  function makeButton() {
    const button = h("button", { type: "button", class: "finder-open", "aria-label": t("search.open"), title: t("search.open") });
    button.append(h("span", { "aria-hidden": "true" }, "⌕"), h("kbd", { "aria-hidden": "true" }, "/"));
    button.addEventListener("click", open);
    return button;
  }

  field.addEventListener("input", ask);
  panel.addEventListener("keydown", onKey);
  panel.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !panel.contains(event.relatedTarget)) close({ refocus: false });
  });
  document.addEventListener("pointerdown", (event) => {
    if (isOpen() && !panel.contains(event.target)) close({ refocus: false });
  });
  document.addEventListener("keydown", onPageKey);
  document.body.append(panel);
  document.querySelector(".header .scenes")?.after(makeButton());
  onescreen.search = { open, close };
})();
