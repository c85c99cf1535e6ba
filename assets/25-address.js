// Going from address to address inside the page: rows, marks and the sheet's close button all come here.
(() => {
  "use strict";
  const onescreen = (window.onescreen = window.onescreen ?? {});
  const root = document.documentElement;
  const WALL = "/wall";
  const SHOWN_MS = 10000; // a sheet that takes longer does not snatch the focus any more
  const isWall = () => location.pathname === WALL || location.pathname.startsWith(`${WALL}/`);

  /** What this page shows when nothing is opened: `/` or, without chrome, `/wall`. */
  onescreen.home = () => (isWall() ? WALL : "/");

  /** Opens an address of ours (`/camera/<id>`, `home`) without loading the page; language and the like stay. */
  onescreen.open = (address) => {
    const path = address === "home" ? onescreen.home() : (isWall() ? WALL : "") + address;
    if (path === location.pathname) return;
    history.pushState({}, "", path + location.search);
    // The event by which Dash's own links tell dcc.Location.
    window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
    settle();
  };

  /** `/kind/id` of the open record, or "". */
  onescreen.openAddress = () => {
    const path = isWall() ? location.pathname.slice(WALL.length) : location.pathname;
    return path === "/" ? "" : path;
  };

  let opener = null; // what had the focus before a sheet was opened

  function settle() {
    root.dataset.chrome = isWall() ? "none" : "full";
    const address = onescreen.openAddress();
    const wasOpen = "open" in root.dataset;
    if (address) root.dataset.open = address;
    else delete root.dataset.open;
    if (address && !wasOpen) enter();
    if (!address && wasOpen) leave();
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
    const link = event.target.closest?.("[data-open]");
    const tab = event.target.closest?.(".column-tab");
    if (tab) showTab(tab.dataset.tab);
    if (!link || link === root) return;
    event.preventDefault();
    onescreen.open(link.dataset.open);
  }

  function showTab(name) {
    document.getElementById("page-main").dataset.tab = name;
    for (const tab of document.querySelectorAll(".column-tab")) tab.setAttribute("aria-selected", tab.dataset.tab === name);
    onescreen.drawAllPanels();
    window.dispatchEvent(new Event("resize")); // map and charts measure themselves anew
  }

  function onKey(event) {
    if (event.key === "Escape" && onescreen.openAddress()) onescreen.open("home");
    const tab = event.target.closest?.(".column-tab");
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!tab || !step) return;
    const tabs = [...document.querySelectorAll(".column-tab")].filter((other) => other.offsetParent);
    const next = tabs[(tabs.indexOf(tab) + step + tabs.length) % tabs.length];
    next.focus();
    showTab(next.dataset.tab);
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
  window.addEventListener("popstate", settle);
  settle();
})();
