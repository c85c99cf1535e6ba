// The map of the scene: one number of every area, drilled down by picking; people of the area looked at lie on it.
(() => {
  "use strict";
  const onescreen = window.onescreen;
  const { h, say, set, once, rows, t, isUnknown, named } = onescreen.tools;
  const { grid } = onescreen;

  function build(body) {
    const path = h("nav", { class: "grid-path", "aria-label": t("grid.path") });
    const levels = h("div", { class: "grid-choices", role: "group", "aria-label": t("grid.levels") });
    const numbers = h("div", { class: "grid-choices", role: "group", "aria-label": t("grid.numbers") });
    const per = h("div", { class: "grid-choices", role: "group", "aria-label": t("grid.per") });
    const plan = h("div", { class: "grid-plan" });
    const sum = h("div", { class: "grid-sum" });
    body.append(h("div", { class: "grid-bar" }, path, levels), h("div", { class: "grid-bar" }, numbers, per), plan, sum);
    return { path, levels, numbers, per, plan, sum, drawn: null };
  }

  function showPath(nav, path) {
    rows(nav, path, ([code]) => code || "district", ([code]) => {
      const step = h("button", { type: "button", class: "grid-step" });
      step.addEventListener("click", () => grid.look({ area: step.dataset.level ? code : null }));
      return step;
    }, (step, [, name, nameEn, level]) => {
      say(step, named(name, nameEn) || t("grid.level.district"));
      set(step, { "data-level": level || null, "aria-current": path.at(-1)[1] === name ? "location" : null });
    });
  }

  function showChoices(parts, values) {
    grid.choices(parts.levels, grid.LEVELS.map((key) => ({ key, text: t(`grid.level.${key}`) })), values.level, (level) => grid.look({ level }));
    grid.choices(parts.numbers, grid.FIGURES.map((key) => ({ key, text: grid.figure(key) })), values.number, (number) =>
      grid.look({ number: number === grid.FIGURES[0] ? null : number }));
    const bases = grid.PER.map((key) => ({ key, text: t(`grid.per.${key || "all"}`) }));
    set(parts.per, { hidden: values.is_share });
    grid.choices(parts.per, bases, values.per, (per) => grid.look({ per: per || null }));
  }

  function showSum({ sum }, values) {
    const all = isUnknown(values.total) ? "" : t("grid.total", { total: grid.format(values.number, "")(values.total) });
    const other = values.elsewhere ? t("grid.elsewhere", { n: values.elsewhere }) : "";
    say(sum, [all, other].filter(Boolean).join(" · "));
    set(sum, { "data-explain": values.number, "data-explain-name": grid.figure(values.number), "data-explain-value": all });
  }

  /** Whom the scene shows in the area anyway; of the whole district they would be dust. */
  function people(values) {
    const held = onescreen.heldPanel("grid-officers")?.values;
    if (!values.area || held?.area !== values.area) return [];
    return grid.officerMarks(held.rows);
  }

  function options(values) {
    const { level, within, number, per } = values;
    const isSelfShown = values.area && values.area in values.values;
    return {
      level, within, values: values.values, selected: isSelfShown ? values.area : null, title: grid.title(values),
      scale: { key: `${number}|${per}`, title: grid.figure(number), unit: grid.unit(number, per), format: grid.format(number, per), isReversed: values.is_low_bad },
      describe: (code, text) => `${text} · ${t("grid.column.rank")} ${rankOf(code) ?? "—"}`,
      marks: people(values), room: { top: 0.5, bottom: 1.2, left: 1, right: 1 },
      onPick: (what) => (typeof what === "string" ? pickArea(values, what) : onescreen.open(`/${what.kind}/${encodeURIComponent(what.id)}`)),
    };
  }

  const rankOf = (code) => onescreen.heldPanel("grid-rank")?.values?.rows?.find((row) => row.code === code)?.rank;

  const pickArea = (values, code) => grid.look({ area: code === values.area ? null : code });

  onescreen.definePanel("grid-map", (body, values, _, section) => {
    const parts = once(body, build);
    grid.remember(values);
    showPath(parts.path, values.path);
    showChoices(parts, values);
    showSum(parts, values);
    grid.subject(section, grid.title(values));
    if (!onescreen.plan) return; // the late bundle draws again
    if (parts.drawn) parts.drawn.update(options(values));
    else parts.drawn = onescreen.plan(parts.plan, options(values));
  });
})();
