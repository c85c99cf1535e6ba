// Detail pages: what the server laid out (`[tag, attributes, children]`, nested) is put on the screen by changing only
// what differs, so that opened parts stay open, charts stay drawn and nothing flickers when a page is read again.
(() => {
  "use strict";
  const onescreen = (window.onescreen = window.onescreen ?? {});
  const { t, tools } = onescreen;
  const root = document.documentElement;
  const SLOW_MS = 8000;
  const ALLOWED = /^(?:class|title|role|tabindex|alt|src|href|datetime|colspan|open|style|data-[a-z-]+|aria-[a-z-]+)$/;
  const OWN = { href: /^\/(?!\/)/, src: /^\/media\// }; // addresses of ours, whatever an upstream says
  const drawers = new Map();
  let shown = ""; // address of the page on the screen
  let slow = 0;

  const sheet = () => document.getElementById("sheet");
  const body = () => document.getElementById("sheet-body");
  const open = () => onescreen.openAddress();

  /** `draw(element, given)` draws into elements with this `data-draw`; it may return `{update(given), remove()}`. */
  onescreen.definePart = (kind, draw) => {
    drawers.set(kind, draw);
    drawParts();
  };

  function setAttributes(element, wanted) {
    const before = element.onescreenGiven ?? {};
    for (const name of Object.keys(before)) if (!(name in wanted)) element.removeAttribute(name);
    for (const [name, value] of Object.entries(wanted)) {
      if (!ALLOWED.test(name) || (OWN[name] && !OWN[name].test(value)) || before[name] === value) continue;
      if (name === "style") for (const [property, text] of Object.entries(value)) element.style.setProperty(property, text);
      else if (name === "src") showPicture(element, value);
      else element.setAttribute(name, value);
    }
    element.onescreenGiven = wanted;
  }

  /** A newer picture takes the place of the old one once it is there; one that fails says so. */
  function showPicture(image, source) {
    const next = new Image();
    next.onload = () => {
      image.src = source;
      delete image.dataset.failed;
    };
    next.onerror = () => (image.dataset.failed = "");
    next.src = source;
  }

  function patch(element, [, attributes, children]) {
    setAttributes(element, attributes);
    if (!("data-draw" in attributes)) patchChildren(element, children);
  }

  /** Children by their key, the others by their place. */
  function patchChildren(parent, children) {
    const keyed = new Map([...parent.children].filter(({ dataset }) => dataset.key).map((child) => [child.dataset.key, child]));
    let place = parent.firstChild;
    for (const wanted of children) {
      if (typeof wanted === "string") {
        if (place?.nodeType !== Node.TEXT_NODE) place = parent.insertBefore(document.createTextNode(""), place);
        if (place.data !== wanted) place.data = wanted;
        place = place.nextSibling;
        continue;
      }
      const [tag, attributes] = wanted;
      const key = attributes["data-key"];
      const known = key === undefined ? place : keyed.get(key);
      const fits = known?.localName === tag && (key !== undefined || !known.dataset.key);
      const node = fits ? known : document.createElement(tag);
      if (node === place) place = place.nextSibling;
      else parent.insertBefore(node, place);
      patch(node, wanted);
    }
    while (place) {
      const next = place.nextSibling;
      forget(place);
      place.remove();
      place = next;
    }
  }

  /** Ends what was drawn in an element that goes. */
  function forget(node) {
    if (node.nodeType !== Node.ELEMENT_NODE) return;
    for (const element of [node, ...node.querySelectorAll("[data-draw]")]) element.onescreenPart?.remove?.();
  }

  function drawParts() {
    for (const element of body()?.querySelectorAll("[data-draw]") ?? []) {
      const draw = drawers.get(element.dataset.draw);
      const given = element.dataset.given;
      if (!draw || element.onescreenDrawn === given) continue;
      element.onescreenDrawn = given;
      const part = element.onescreenPart;
      if (part?.update) part.update(JSON.parse(given));
      else element.onescreenPart = draw(element, JSON.parse(given)) ?? {};
    }
    noteComplete();
  }

  /** Drawers that wait for data call this when they are done: then everything of the page is there. */
  onescreen.partDone = (element) => {
    element.dataset.drawn = "";
    noteComplete();
  };

  function noteComplete() {
    const waiting = body()?.querySelector("[data-draw='chart']:not([data-drawn]), [data-draw='plan']:not([data-drawn])");
    if (shown && !waiting) root.dataset.detail = shown;
  }

  function clear() {
    const place = body();
    if (place) patchChildren(place, []);
    shown = "";
    delete root.dataset.detail;
  }

  /** Puts a page on the screen; one that comes too late for its address is passed over. */
  function show(page) {
    const place = body();
    if (!page || !place || !page.tree || page.address !== location.pathname) return;
    const isOther = shown !== page.address;
    if (isOther) clear();
    shown = page.address;
    patchChildren(place, [page.tree]);
    clearTimeout(slow);
    tools.set(sheet(), { hidden: null, "data-loading": null, "data-message": null });
    onescreen.tickTimes();
    drawParts();
    if (isOther) place.parentElement.scrollTop = 0;
    if (isOther && !sheet().contains(document.activeElement)) sheet().focus({ preventScroll: true });
  }

  /** At once: what is open no longer passes for what was asked for. */
  function follow() {
    const element = sheet();
    if (!element) return;
    if (!open()) {
      clearTimeout(slow);
      element.hidden = true;
      if (shown) clear();
    } else if (shown !== location.pathname) {
      delete root.dataset.detail;
      tools.set(element, { hidden: null, "data-loading": true, "data-message": t("detail.loading") });
      clearTimeout(slow);
      slow = setTimeout(() => tools.set(element, { "data-message": t("detail.failed") }), SLOW_MS);
      onescreen.loadBundle?.("later");
    }
  }

  const sign = (make, fill) => (element, given) => {
    const drawn = element.firstChild ?? element.appendChild(make());
    fill(drawn, given);
    return { update: (changed) => fill(drawn, changed) };
  };
  onescreen.definePart("priority", sign(tools.prioritySign, (drawn, { priority, hollow }) => tools.showPriority(drawn, priority, hollow)));
  onescreen.definePart("warning", sign(tools.warningSign, (drawn, { event, level, level_text: text }) => tools.showWarningSign(drawn, event, level, text)));

  onescreen.on("address", follow);
  window.dash_clientside = Object.assign({}, window.dash_clientside, { detail: { show } });
  const whenBuilt = new MutationObserver(() => {
    if (!sheet()) return;
    whenBuilt.disconnect();
    follow();
  });
  whenBuilt.observe(document.documentElement, { childList: true, subtree: true });
})();
