// The numbers every screen and test reads: each `data-kpi` carries the plain number in `data-value`, empty if unknown.
(() => {
  "use strict";
  const onescreen = (window.onescreen = window.onescreen ?? {});
  const tools = onescreen.tools;
  const FORMATS = { ontime_rate: (value) => tools.percent(value) };

  /** A place for a number, its definition on hover. */
  tools.number = (name, attributes) =>
    tools.h("span", {
      "data-kpi": name,
      "data-value": "",
      "data-hint": tools.t(`number.${name}.definition`),
      ...attributes,
    });

  /** Writes the numbers wherever they stand on the page. */
  tools.showNumbers = (values) => {
    for (const element of document.querySelectorAll("[data-kpi]")) {
      const name = element.dataset.kpi;
      const value = values[name];
      tools.set(element, { "data-value": tools.isUnknown(value) ? "" : value });
      tools.say(element, (FORMATS[name] ?? tools.count)(value));
    }
  };

  /** The header shows numbers in every scene, also where nobody sees the panel they come with. */
  const showHeld = () => {
    const { values } = onescreen.heldPanel?.("kpi") ?? {};
    if (values) tools.showNumbers(values);
  };
  onescreen.on("panel", ({ key }) => key === "kpi" && showHeld());
  onescreen.on("mounted", showHeld);
})();
