// Warnings in force: sign, what, since when, until when, and what lies in the warned area.
(() => {
  "use strict";
  const { h, warningSign, showWarningSign, hazardOf, say, sayParts, set, once, rows, fitting, clock, count, named, t } = onescreen.tools;
  const ROW_REM = 4.1;
  const EXPOSED = ["grids", "underpasses", "schools", "cameras", "hospitals"]; // what matters most first

  function make() {
    return h(
      "a",
      { class: "warning" },
      warningSign(),
      h("span", { class: "warning-facts" }, h("b"), h("span", { class: "warning-when" }), h("span", { class: "warning-exposure" })),
    );
  }

  function fill(row, warning) {
    const address = `/warning/${encodeURIComponent(warning.id)}`;
    set(row, { href: address, "data-open": address, "data-exercise": !warning.is_actual, title: warning.headline });
    const [sign, facts] = row.children;
    const [title, when, exposure] = facts.children;
    showWarningSign(sign, warning.event, warning.level, warning.level_text);
    const exercise = warning.is_actual ? "" : `${t("warnings.exercise")} · `;
    say(title, exercise + titleOf(warning));
    sayParts(when, whenParts(warning));
    const exposed = exposureParts(warning.exposure ?? {});
    sayParts(exposure, exposed);
    set(exposure, { title: exposed.join(" · ") });
  }

  /** Headlines of weather offices are sentences; the name of the signal is what a wall has room for. */
  function titleOf({ event, level, level_text: given, headline, headline_en: headlineEn }) {
    if (onescreen.language === "en") return named(headline, headlineEn);
    const colour = onescreen.text[`level.${level}`];
    return event && colour && level !== "unknown" ? `${hazardOf(event)}${colour}色预警` : headline || `${event} ${given}`;
  }

  function whenParts({ sent_at: sent, expires_at: expires, areas, exposure }) {
    const parts = [t("warnings.sent", { at: clock(sent) })];
    if (expires) parts.push(t("warnings.until", { at: clock(expires) }));
    if (exposure?.streets) parts.push(t("exposure.streets", { n: count(exposure.streets) }));
    else if (areas?.length) parts.push(areas.length > 2 ? t("exposure.streets", { n: areas.length }) : areas.join("、"));
    return parts;
  }

  const exposureParts = (exposure) =>
    EXPOSED.filter((what) => exposure[what]).map((what) => t(`exposure.${what}`, { n: count(exposure[what]) }));

  function build(body) {
    const list = h("div", { class: "warning-list" });
    const none = h("p", { class: "none" }, t("warnings.none"));
    body.append(list, none);
    return { list, none };
  }

  onescreen.definePanel("warnings", (body, values, _, section) => {
    const { list, none } = once(body, build);
    const all = values.rows ?? [];
    const room = fitting(body, ROW_REM);
    const shown = all.length > room ? all.slice(0, room) : all;
    rows(list, shown, (warning) => warning.id, make, fill);
    const rest = all.length - shown.length;
    say(section.querySelector(".panel-note"), rest > 0 ? t("warnings.more", { n: rest }) : "");
    set(none, { hidden: all.length > 0 || !values.rows });
  });
})();
