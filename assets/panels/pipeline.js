// Where the open cases stand among the seven steps, and how yesterday's rest became today's.
(() => {
  "use strict";
  const { h, say, set, once, rows, count, isUnknown, t } = onescreen.tools;

  const makeStep = () => h("a", { class: "step" }, h("span", { class: "step-name" }), h("b"), h("span", { class: "step-overdue" }));

  function fillStep(box, [step, open, overdue]) {
    const [name, figure, late] = box.children;
    const address = `/cases?step=${step}`;
    set(box, { href: address, "data-open": address });
    say(name, t(`step.${step}`));
    say(figure, count(open));
    say(late, overdue ? t("pipeline.overdue", { n: count(overdue) }) : "");
  }

  function build(body) {
    const terms = ["before", "new", "closed_today", "open"].map((name, index) => ({
      name,
      sign: ["", "+", "−", "="][index],
      figure: h("b"),
    }));
    const sum = h(
      "div",
      { class: "pipeline-sum" },
      ...terms.flatMap(({ name, sign, figure }) => [
        sign ? h("i", null, sign) : null,
        h("span", { class: "sum-term" }, h("span", null, t(`pipeline.${name}`)), figure),
      ]),
    );
    const steps = h("div", { class: "steps" });
    body.append(sum, steps);
    return { terms, sum, steps };
  }

  onescreen.definePanel("pipeline", (body, values) => {
    const { terms, sum, steps } = once(body, build);
    const { open_before: before, new_today: added, closed_today: closed } = values;
    const open = values.open ?? (isUnknown(before) || isUnknown(added) || isUnknown(closed) ? null : before + added - closed);
    const figures = { before, new: added, closed_today: closed, open };
    for (const { name, figure } of terms) say(figure, count(figures[name]));
    set(sum, { hidden: Object.values(figures).some(isUnknown) });
    rows(steps, values.steps ?? [], ([step]) => step, makeStep, fillStep);
  });
})();
