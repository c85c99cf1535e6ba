// The choice of the cases scene: how its values are called, and that whatever carries `data-pick` sets or clears it.
(() => {
  "use strict";
  const onescreen = (window.onescreen = window.onescreen ?? {});
  const { tools } = onescreen;
  const { h, set, say, word, named, t } = tools;
  const cases = (onescreen.cases = onescreen.cases ?? {});
  const UNKNOWN = "unknown";

  /** [key, name, name_en] of a row in a panel the page always holds. */
  const nameIn = (panel, key) => {
    const row = onescreen.heldPanel(panel)?.values?.rows?.find(([id]) => id === key);
    return row ? named(row[1], row[2]) : key;
  };

  const NAMES = {
    category: (value) => word("category", value),
    subcategory: (value) => word("subcategory", value),
    origin: (value) => word("origin", value),
    department: (value) => nameIn("departments", value),
    street: (value) => nameIn("streets", value),
    grid: (value) => `${t("cases.choice.grid")} ${value.slice(-9)}`,
    priority: (value) => t("sheet.priority", { priority: value }),
    place: () => t("cases.choice.place"),
    since: (value) => `${t("cases.choice.since")} ${value}`,
    until: (value) => `${t("cases.choice.until")} ${value}`,
    step: (value) => t(`step.${value}`),
    overdue: () => t("cases.choice.overdue"),
    slow: () => t("cases.choice.slow"),
    age: (value) => `${t("cases.choice.age")} ${t(`cases.age.${value}`)}`,
    due: (value) => t(`cases.due.${value}`),
  };

  /** How a value of a key is called. */
  cases.nameOf = (key, value) => (value === UNKNOWN ? t("cases.unknown") : (NAMES[key]?.(value) ?? value));

  cases.keys = Object.keys(NAMES);
  for (const key of cases.keys) onescreen.choice.call(key, (value) => cases.nameOf(key, value));

  /** Makes an element set `key` to `value`, and say so; a second press takes it back. */
  cases.pickable = (element, key, value, label) => {
    set(element, {
      type: "button",
      "data-pick": key,
      "data-value": value,
      "aria-label": label ?? null,
      "aria-pressed": String(onescreen.choice.get()[key] === value),
    });
    return element;
  };

  /** A button that can be picked. */
  cases.pickButton = (name, ...children) => h("button", { type: "button", class: name }, ...children);

  /** Choosing a category lets go of another one's subcategory, a street of another one's grid or place. */
  const LETS_GO = { category: ["subcategory"], street: ["grid", "place"] };

  cases.pick = (key, value) => {
    const chosen = onescreen.choice.get()[key] === value;
    const others = Object.fromEntries((LETS_GO[key] ?? []).map((other) => [other, null]));
    onescreen.choice.set({ ...others, [key]: chosen ? null : value });
  };

  function mark() {
    const choice = onescreen.choice.get();
    for (const element of document.querySelectorAll("[data-pick]")) {
      set(element, { "aria-pressed": String(choice[element.dataset.pick] === element.dataset.value) });
    }
  }

  document.addEventListener("click", (event) => {
    const element = event.target.closest?.("[data-pick]");
    if (element) cases.pick(element.dataset.pick, element.dataset.value);
  });
  onescreen.choice.on(mark);

  // What was drawn before the style arrived has measured its room without it.
  onescreen.loadBundle?.("cases").then(onescreen.drawAllPanels, () => {});

  /** The heading explains its panel. */
  cases.explain = (section) => {
    const title = section.querySelector("h2");
    if (title) set(title, { "data-explain": section.dataset.panel });
  };

  /** "12 分", "1.4 时", "4.1 天": one unit, for columns of spans. */
  cases.span = (seconds) => {
    if (tools.isUnknown(seconds)) return tools.UNKNOWN;
    if (seconds < 3600) return t("cases.short.min", { n: tools.count(Math.max(1, Math.round(seconds / 60))) });
    if (seconds < 48 * 3600) return t("cases.short.h", { n: tools.decimal(seconds / 3600) });
    return t("cases.short.d", { n: tools.decimal(seconds / 86400) });
  };

  const ROW_REM = 1.3; // until the style has arrived

  /** Height of a list's rows, in rem, as its style says. */
  cases.rowRem = (list) => parseFloat(getComputedStyle(list).getPropertyValue("--row-rem")) || ROW_REM;

  /** +46 more than in the seven days before: a shape, never colour alone. */
  cases.showTrend = (element, week, before) => {
    const isKnown = before !== null && before !== undefined;
    const change = isKnown ? week - before : null;
    say(element, isKnown ? tools.change(change) : "");
    set(element, { "data-trend": !isKnown || change === 0 ? null : change > 0 ? "up" : "down" });
  };
})();
