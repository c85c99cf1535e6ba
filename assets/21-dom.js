// Small helpers to build and reuse elements. Texts go in as text nodes only, so whatever an upstream says is inert.
(() => {
  "use strict";
  const onescreen = (window.onescreen = window.onescreen ?? {});
  const tools = (onescreen.tools = onescreen.tools ?? {});
  let fonts = 0; // how often fonts have arrived: each time the widths of texts change
  const SVG = "http://www.w3.org/2000/svg";

  function set(element, attributes) {
    for (const [name, value] of Object.entries(attributes ?? {})) {
      if (value === null || value === undefined || value === false) element.removeAttribute(name);
      else if (element.getAttribute(name) !== String(value)) element.setAttribute(name, value === true ? "" : value);
    }
    return element;
  }

  /** A new element: `h("b", {class: "name"}, "text", child)`. */
  tools.h = (name, attributes, ...children) => {
    const element = set(document.createElement(name), attributes);
    element.append(...children.filter((child) => child !== null && child !== undefined));
    return element;
  };

  /** The same for SVG. */
  tools.svg = (name, attributes, ...children) => {
    const element = set(document.createElementNS(SVG, name), attributes);
    element.append(...children.filter((child) => child !== null && child !== undefined));
    return element;
  };

  tools.set = set;

  /** Writes a text only where it differs: an untouched node costs no layout and keeps a selection. */
  tools.say = (element, text) => {
    const wanted = text ?? "";
    if (element.textContent !== wanted) element.textContent = wanted;
    return element;
  };

  /** Writes as many of `parts` as fit into the line, the first always: words fall away whole, never in the middle. */
  tools.sayParts = (element, parts, separator = " · ") => {
    const all = parts.filter(Boolean);
    const wanted = `${all.join(separator)}|${element.clientWidth}|${fonts}`;
    if (element.onescreenWanted === wanted) return;
    element.onescreenWanted = wanted;
    do tools.say(element, all.join(separator));
    while (element.scrollWidth > element.clientWidth + 1 && all.length > 1 && all.pop());
  };

  /** Builds the fixed parts of a body once; later calls return the same parts. */
  tools.once = (body, build) => {
    if (!body.onescreenParts) body.onescreenParts = build(body);
    return body.onescreenParts;
  };

  /**
   * Keeps one child per item, in order: `make(item)` builds it, `fill(child, item)` writes what may have changed.
   * Children are known by `keyOf(item)` and reused, so rows neither flicker nor lose a pointer resting on them.
   */
  tools.rows = (parent, items, keyOf, make, fill) => {
    const kept = (parent.onescreenRows = parent.onescreenRows ?? new Map());
    const wanted = new Set(items.map((item) => String(keyOf(item))));
    for (const [key, child] of kept) {
      if (wanted.has(key)) continue;
      child.remove();
      kept.delete(key);
    }
    let place = parent.firstElementChild;
    for (const item of items) {
      const key = String(keyOf(item));
      let child = kept.get(key);
      if (!child) kept.set(key, (child = make(item)));
      fill(child, item);
      if (child === place) place = place.nextElementSibling;
      else parent.insertBefore(child, place);
    }
  };

  /** One listener for all children of a list, however many come and go: `act(child, event)` for what happens in one. */
  tools.onChildren = (list, name, act) =>
    list.addEventListener(name, (event) => {
      const child = [...list.children].find((each) => each.contains(event.target));
      if (child) act(child, event);
    });

  const MORE_REM = 1.7; // the line that says how many rows are not shown

  /** How many of `wanted` rows of `rem` height fit into a box, with room for the line that counts the others. */
  tools.fitting = (box, rem, wanted) => {
    const unit = parseFloat(getComputedStyle(document.documentElement).fontSize);
    const fit = (height) => Math.max(1, Math.floor((height + 1) / (rem * unit)));
    const all = fit(box.clientHeight);
    return wanted > all ? fit(box.clientHeight - MORE_REM * unit) : all;
  };

  document.fonts.addEventListener("loadingdone", () => {
    fonts += 1;
    onescreen.drawAllPanels();
  });

  /** `work` runs at most once per `ms`, the last call always. */
  onescreen.calmly = (work, ms) => {
    let timer = 0;
    let again = false;
    return () => {
      if (timer) {
        again = true;
        return;
      }
      work();
      timer = setTimeout(() => {
        timer = 0;
        if (again) work();
        again = false;
      }, ms);
    };
  };

  /** Puts the page's language into what the server wrote in the district's own. */
  onescreen.translate = (root) => {
    const { t } = onescreen;
    for (const element of root.querySelectorAll("[data-text]")) tools.say(element, t(element.dataset.text));
    for (const element of root.querySelectorAll("[data-label]")) set(element, { "aria-label": t(element.dataset.label) });
    for (const element of root.querySelectorAll("[data-title]")) {
      const isNumber = "kpi" in element.dataset; // its definition is a hint, for pointer and keyboard alike
      set(element, isNumber ? { "data-hint": t(element.dataset.title), title: null } : { title: t(element.dataset.title) });
    }
    const title = document.getElementById("page-title");
    if (title) tools.say(title, onescreen.settings.titles[onescreen.language]);
  };
})();
