// The scene in a line: open, overdue, on time, today's movement adding up; and the choice as chips that clear it.
(() => {
  "use strict";
  const { h, set, say, once, rows, count, percent, duration, isUnknown, t } = onescreen.tools;
  const { cases } = onescreen;
  const DAY_MS = 86400000;
  const SPANS = [["all", null], ["today", 0], ["week", 6], ["month", 29]]; // the last days, this one included
  const day = new Intl.DateTimeFormat("sv-SE", { timeZone: onescreen.settings.timezone, dateStyle: "short" });

  const figure = (name, number) =>
    h(name === "overdue" ? "button" : "div", { class: "case-figure", "data-figure": name },
      h("span", { class: "case-figure-label" }, t(`cases.${name}`)),
      h("b", number ? { "data-explain": number } : null),
      h("small"));

  const spanStart = (days) => day.format(onescreen.tools.now() - days * DAY_MS);

  function buildDays() {
    const buttons = SPANS.map(([name, days]) => {
      const button = h("button", { type: "button", class: "segment" }, t(`cases.days.${name}`));
      button.addEventListener("click", () => {
        onescreen.choice.set({ since: days === null ? null : spanStart(days), until: null });
      });
      return { button, days };
    });
    const box = h("div", { class: "segments", role: "group", "aria-label": t("cases.days") },
      h("span", { class: "segments-label" }, t("cases.days")), ...buttons.map(({ button }) => button));
    return { box, buttons };
  }

  function build(body) {
    const open = figure("open", "cases_open");
    const overdue = figure("overdue", "cases_overdue");
    const ontime = figure("ontime", "ontime_rate");
    const terms = ["before", "new", "closed"].map((name, index) => ({ name, sign: ["", "+", "−"][index], figure: h("b") }));
    const equation = h("div", { class: "case-equation" },
      ...terms.flatMap(({ name, sign, figure: number }) => [
        sign ? h("i", { "aria-hidden": "true" }, sign) : null,
        h("span", null, h("span", null, t(`cases.${name}`)), number),
      ]),
      h("i", { "aria-hidden": "true" }, "="));
    const chips = h("div", { class: "chips" });
    const hint = h("span", { class: "chips-hint" }, t("cases.hint"));
    const clear = h("button", { type: "button", class: "chip-clear" }, t("cases.clear"));
    clear.addEventListener("click", () => {
      onescreen.choice.set(Object.fromEntries(Object.keys(onescreen.choice.get()).map((key) => [key, null])));
    });
    const days = buildDays();
    body.append(equation, open, overdue, ontime, h("div", { class: "chips-box" }, chips, clear, hint), days.box);
    const parts = { open, overdue, ontime, terms, equation, chips, clear, hint, days };
    onescreen.choice.on(() => showChoice(parts, parts.values));
    return parts;
  }

  const makeChip = ({ key }) => {
    const chip = h("button", { type: "button", class: "choice-chip" }, h("span"), h("b"), h("i", { "aria-hidden": "true" }, "×"));
    chip.addEventListener("click", () => onescreen.choice.set({ [key]: null }));
    return chip;
  };

  function fillChip(chip, { key, value, name }) {
    const label = t(`cases.choice.${key}`);
    say(chip.children[0], name === label ? "" : label);
    say(chip.children[1], name);
    set(chip, { "aria-label": t("cases.remove", { what: `${label} ${name}` }) });
  }

  /** The name of a value: the server's where it knows one, in the page's language. */
  function chipOf([key, value], names) {
    const told = names?.[key];
    const name = told ? onescreen.tools.named(...told) : cases.nameOf(key, value);
    return { key, value, name: key === "since" || key === "until" ? value : name };
  }

  function showChoice({ chips, clear, hint, days }, values) {
    const choice = onescreen.choice.get();
    const chosen = Object.entries(choice).filter(([key]) => cases.keys.includes(key));
    rows(chips, chosen.map((pair) => chipOf(pair, values?.names)), ({ key }) => key, makeChip, fillChip);
    set(clear, { hidden: chosen.length < 2 });
    set(hint, { hidden: chosen.length > 0 });
    for (const { button, days: back } of days.buttons) {
      const isOn = back === null ? !choice.since && !choice.until : choice.since === spanStart(back) && !choice.until;
      set(button, { "aria-pressed": String(isOn) });
    }
  }

  function show(box, text, note, state) {
    say(box.children[1], text);
    say(box.children[2], note);
    set(box, { "data-state": state ?? null });
  }

  const part = (own, whole) => (isUnknown(whole) || own === whole ? "" : t("cases.of", { n: count(whole) }));

  onescreen.definePanel("cases-sum", (body, values, _, section) => {
    const parts = once(body, build);
    parts.values = values;
    cases.explain(section);
    const { whole = {}, overdue, oldest_overdue_s: oldest } = values;
    for (const { name, figure: number } of parts.terms) say(number, count(values[name]));
    set(parts.equation, { hidden: isUnknown(values.open) || values.open !== values.open_lasting });
    show(parts.open, count(values.open), part(values.open, whole.cases_open));
    const isLate = overdue > 0;
    const age = isUnknown(oldest) ? "" : t("cases.oldest", { age: duration(oldest) });
    show(parts.overdue, count(overdue), [part(overdue, whole.cases_overdue), age].filter(Boolean).join(" · "), isLate ? "overdue" : null);
    const { ontime_rate: rate, ontime_target: target, due } = values;
    const isBelow = !isUnknown(rate) && !isUnknown(target) && rate < target;
    const aim = isUnknown(target) ? "" : `${t("kpi.target", { target: `${percent(target, 0)}%` })} · `;
    show(parts.ontime, isUnknown(rate) ? "—" : `${percent(rate)}%`, aim + t("cases.due_n", { n: count(due) }), isBelow ? "below" : null);
    cases.pickable(parts.overdue, "overdue", "1", t("cases.pick", { what: t("cases.overdue") }));
    showChoice(parts, values);
  });
})();
