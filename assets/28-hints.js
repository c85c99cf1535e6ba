// What a number means, or why a panel is not live. `data-hint` holds the text, for pointer and keyboard; where it says
// "title" the browser shows the title to pointers by itself, and it is shown here for the keyboard only.
(() => {
  "use strict";
  const onescreen = (window.onescreen = window.onescreen ?? {});
  const { h, say, set } = onescreen.tools;
  const PAUSE_MS = 250;
  const EDGE_PX = 8;
  const ID = "hint";

  const box = h("div", { id: ID, class: "hint", role: "tooltip", hidden: true });
  let about = null;
  let timer = 0;

  const isTitle = (element) => element.dataset.hint === "title";
  const textOf = (element) => (isTitle(element) ? element.title : element.dataset.hint);

  function place(element) {
    const around = element.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = box;
    const isBelow = around.bottom + EDGE_PX + height < innerHeight;
    const top = isBelow ? around.bottom + EDGE_PX : around.top - EDGE_PX - height;
    const left = Math.min(Math.max(EDGE_PX, around.left), innerWidth - width - EDGE_PX);
    box.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
  }

  function show(element) {
    const text = textOf(element);
    if (!element.isConnected || !text) return;
    if (!box.isConnected) document.body.append(box);
    say(box, text);
    set(box, { hidden: false });
    set(element, { "aria-describedby": ID });
    place(element);
  }

  function turn(element, pause) {
    if (element === about) return;
    clearTimeout(timer);
    if (about) set(about, { "aria-describedby": null });
    set(box, { hidden: true });
    about = element;
    if (element) timer = setTimeout(() => show(element), pause);
  }

  // A number that can be explained whole (assets/later/52-explain.js) needs no hint beside that.
  const hinted = (target) => (onescreen.isExplained?.(target) ? null : (target?.closest?.("[data-hint]") ?? null));
  const hovered = (target) => {
    const element = hinted(target);
    return element && isTitle(element) ? null : element;
  };
  document.addEventListener("pointerover", (event) => turn(hovered(event.target), PAUSE_MS));
  document.addEventListener("focusin", (event) => turn(hinted(event.target), 0));
  document.addEventListener("focusout", () => turn(null, 0));
  document.addEventListener("keydown", (event) => event.key === "Escape" && turn(null, 0));
})();
