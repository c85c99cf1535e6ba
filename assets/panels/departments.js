// Every department: open and overdue cases, and whether what it delivers can be believed.
(() => {
  "use strict";
  const { h, say, set, once, rows, count, named, t } = onescreen.tools;

  const LONG_WORD = /[\w-]{16,}/; // such as "Telecommunications": set closer rather than broken

  const make = () => h("a", { class: "department" }, h("span"), h("b"), h("small"));

  function fill(box, [id, name, nameEn, open, overdue, state]) {
    const [label, figure, detail] = box.children;
    const address = `/department/${encodeURIComponent(id)}`;
    const isDown = state !== "live";
    set(box, { href: address, "data-open": address, "data-overdue": overdue > 0, "data-down": isDown, title: named(name, nameEn) });
    say(label, named(name, nameEn));
    set(label, { "data-long": LONG_WORD.test(label.textContent) });
    say(figure, count(open));
    const stateText = onescreen.text[`departments.${state}`] ?? state;
    say(detail, isDown ? stateText : overdue ? t("departments.overdue", { n: count(overdue) }) : "");
  }

  onescreen.definePanel("departments", (body, values, _, section) => {
    const list = once(body, () => body.appendChild(h("div", { class: "department-list" })));
    const all = values.rows ?? [];
    rows(list, all, ([id]) => id, make, fill);
    const ok = all.filter((row) => row[5] === "live").length;
    say(section.querySelector(".panel-note"), values.rows ? `${t("departments.ok")} ${ok} / ${all.length}` : "");
  });
})();
