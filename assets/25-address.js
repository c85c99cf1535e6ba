// Addresses inside the page: `/<scene>` shows a scene, `/<kind>/<id>` lies over the scene in `?scene=`, both below
// `/wall` without chrome. Everything shown can be linked to; rows, marks and links with `data-open` all come here.
(() => {
  "use strict";
  const onescreen = (window.onescreen = window.onescreen ?? {});
  const root = document.documentElement;
  const WALL = "/wall";
  const OVERVIEW = "overview";
  const SHOWN_MS = 10000; // a sheet that takes longer does not snatch the focus any more
  // What belongs to the page and not to what it shows; everything else in the query is the reader's choice.
  const KEPT = new Set(
    "lang theme scenes dwell screen viewing_distance_m height_mm night night_level sound idle takeover".split(" "),
  );
  const RESERVED = new Set([...KEPT, "scene"]);
  const isWall = () => location.pathname === WALL || location.pathname.startsWith(`${WALL}/`);
  const inner = () => (isWall() ? location.pathname.slice(WALL.length) : location.pathname).replace(/\/$/, "");
  const sceneIn = (path) => (onescreen.scenes.has(path.slice(1)) ? path.slice(1) : path === "" ? OVERVIEW : null);

  let turning = null; // the scene a rotation shows on an address that names none
  let taken = null; // the scene that has taken the wall over, whatever the address

  /** The scene of this address. */
  function sceneHere() {
    if (taken) return taken;
    const named = sceneIn(inner());
    if (named && named !== OVERVIEW) return named;
    const under = new URLSearchParams(location.search).get("scene");
    if (!named && onescreen.scenes.has(under)) return under;
    return turning ?? OVERVIEW;
  }

  const pathOf = (scene) => (isWall() ? WALL : "") + (scene === OVERVIEW ? "" : `/${scene}`) || "/";

  /** Where this page goes when a record is closed: the scene beneath it. */
  onescreen.home = () => (turning ? WALL : pathOf(sceneHere()));

  /** Keys of the query that are no reader's choice; scripts with keys of their own (map layers …) add them. */
  onescreen.reserveKeys = (...keys) => keys.forEach((key) => RESERVED.add(key));
  onescreen.isReserved = (key) => RESERVED.has(key);

  const queryOf = (params) => (params.size ? `?${params}` : "");

  /** The address as it stands in the bar: `/camera/<id>`, `home`, `/cases?department=…`, with or without `/wall`. */
  function target(address) {
    const params = new URLSearchParams(location.search);
    if (address === "home") {
      params.delete("scene");
      return onescreen.home() + queryOf(params);
    }
    const [given, query] = address.split("?");
    const path = given.startsWith(`${WALL}/`) ? given.slice(WALL.length) : given;
    const scene = sceneIn(path.replace(/\/$/, ""));
    if (scene) for (const key of [...params.keys()]) if (!KEPT.has(key)) params.delete(key);
    if (!scene && sceneHere() !== OVERVIEW && !turning) params.set("scene", sceneHere());
    new URLSearchParams(query ?? "").forEach((value, key) => params.set(key, value));
    return (scene ? pathOf(scene) : (isWall() ? WALL : "") + path) + queryOf(params);
  }

  /** Opens an address of ours without loading the page; language and the like stay. */
  onescreen.open = (address, { replace = false } = {}) => {
    onescreen.goTo(target(address), { replace });
  };

  /** Goes to a whole address (path and query) of this page, as one step of the history or in place of this one. */
  onescreen.goTo = (wanted, { replace = false } = {}) => {
    if (wanted === location.pathname + location.search) return;
    if (replace) history.replaceState({}, "", wanted);
    else history.pushState({}, "", wanted);
    // The event by which Dash's own links tell dcc.Location.
    window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
    settle();
  };

  /** `/kind/id` of the open record, or "". */
  onescreen.openAddress = () => (sceneIn(inner()) ? "" : inner());

  /** A rotation shows `scene` without an address of its own; null ends that. */
  onescreen.turnTo = (scene) => {
    turning = scene;
    settle();
  };

  /** Something urgent takes the wall over with `scene` and gives it back with null: the address stays. */
  onescreen.takeScene = (scene) => {
    taken = scene;
    settle();
  };

  let opener = null; // what had the focus before a sheet was opened

  function settle() {
    root.dataset.chrome = isWall() ? "none" : "full";
    onescreen.scenes.show(sceneHere());
    const address = onescreen.openAddress();
    const wasOpen = "open" in root.dataset;
    if (address) root.dataset.open = address;
    else delete root.dataset.open;
    if (address && !wasOpen) enter();
    if (!address && wasOpen) leave();
    onescreen.emit("address");
  }

  /** The focus goes into the sheet once it is shown, so that a keyboard reads on there. */
  function enter() {
    opener = document.activeElement;
    const sheet = document.getElementById("sheet");
    if (!sheet) return;
    const whenShown = new MutationObserver(() => {
      if (sheet.hidden) return;
      whenShown.disconnect();
      sheet.focus({ preventScroll: true });
    });
    whenShown.observe(sheet, { attributeFilter: ["hidden"] });
    setTimeout(() => whenShown.disconnect(), SHOWN_MS);
  }

  function leave() {
    if (opener?.isConnected && opener !== document.body) opener.focus({ preventScroll: true });
    opener = null;
  }

  function onClick(event) {
    if (event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const tab = event.target.closest?.(".column-tab");
    if (tab) return onescreen.scenes.showTab(tab.dataset.tab);
    const link = event.target.closest?.("[data-open], [data-open-scene]");
    if (!link || link === root) return;
    event.preventDefault();
    onescreen.open(link.dataset.open ?? (link.dataset.openScene === OVERVIEW ? "/" : `/${link.dataset.openScene}`));
  }

  function onKey(event) {
    if (event.key === "Escape" && !event.defaultPrevented && onescreen.openAddress()) onescreen.open("home");
    const tab = event.target.closest?.(".column-tab");
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!tab || !step) return;
    const tabs = [...document.querySelectorAll(".column-tab")]
      .filter((other) => other.offsetParent)
      .sort((a, b) => a.style.order - b.style.order);
    const next = tabs[(tabs.indexOf(tab) + step + tabs.length) % tabs.length];
    next.focus();
    onescreen.scenes.showTab(next.dataset.tab);
  }

  /** Who rests on a scene's link is about to open it. */
  function onPoint(event) {
    const link = event.target.closest?.("[data-open-scene]");
    if (link) onescreen.scenes.prefetch(link.dataset.openScene);
  }

  const PULSE_MS = 5000;

  /** An open record is read anew every few seconds: a sheet must not go on telling what was. */
  function pulse() {
    if (onescreen.openAddress() && !document.hidden) {
      window.dash_clientside?.set_props?.("sheet-pulse", { data: Math.floor(Date.now() / PULSE_MS) });
    }
  }

  setInterval(pulse, PULSE_MS);
  document.addEventListener("click", onClick);
  document.addEventListener("keydown", onKey);
  document.addEventListener("pointerover", onPoint);
  document.addEventListener("focusin", onPoint);
  window.addEventListener("popstate", settle);
  settle();
})();
