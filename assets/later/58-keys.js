// Keys: `?` shows them, digits open scenes. Nothing here works while somebody types.
(() => {
  "use strict";
  const onescreen = window.onescreen;
  const { h, t } = onescreen.tools;
  const KEYS = [
    ["/", "search"],
    ["1 – 8", "scenes"],
    ["Tab", "tab"],
    ["Enter", "enter"],
    ["Esc", "escape"],
    ["← → ↑ ↓", "arrows"],
    ["← → ↑ ↓ + −", "map"],
    ["o · p", "circle"],
    ["?", "help"],
  ];
  const isTyping = (target) => target.closest?.("input:not([type=checkbox]), textarea, select, [contenteditable]");

  function makeDialog() {
    const rows = KEYS.flatMap(([keys, what]) => [
      h("dt", null, ...keys.split(" ").map((key) => (/[–·]/u.test(key) ? ` ${key} ` : h("kbd", null, key)))),
      h("dd", null, t(`keys.${what}`)),
    ]);
    const close = h("button", { type: "button", class: "rows-close", "aria-label": t("keys.close") }, "×");
    const dialog = h("dialog", { class: "keys", "aria-labelledby": "keys-title" }, h("h2", { id: "keys-title" }, t("keys.title")), close, h("dl", null, ...rows));
    close.addEventListener("click", () => dialog.close());
    dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
    dialog.addEventListener("keydown", (event) => event.stopPropagation()); // Escape closes this, nothing below
    document.body.append(dialog);
    return dialog;
  }

  let dialog = null;
  const show = () => {
    dialog ??= makeDialog();
    if (!dialog.open) dialog.showModal();
  };

  function openScene(digit) {
    const links = [...document.querySelectorAll(".scenes [data-open-scene]")];
    links[digit - 1]?.click();
  }

  const ACTIONS = { "?": show, o: () => draw("circle"), p: () => draw("polygon") };

  function draw(key) {
    onescreen.goToMap();
    onescreen.draw.start(key);
  }

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    const action = ACTIONS[event.key] ?? (/^[1-8]$/.test(event.key) ? () => openScene(Number(event.key)) : null);
    if (!action) return;
    event.preventDefault();
    action();
  });
})();
