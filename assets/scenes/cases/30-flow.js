// The seven steps: who stands where, what came and went today, how long a stay takes, and where it is stuck.
(() => {
  "use strict";
  const { h, set, say, once, rows, count, isUnknown, t } = onescreen.tools;
  const { cases } = onescreen;
  const SHORTEST_S = 60;
  const LONGEST_S = 30 * 86400;
  const NOT_OPEN = { collect: "cases.flow.before_open", evaluate: "cases.flow.after_open" };

  /** Stays last minutes in one step and days in another: the bar's scale is logarithmic, a minute to a month. */
  function place(seconds) {
    const clipped = Math.min(LONGEST_S, Math.max(SHORTEST_S, seconds));
    return Math.log(clipped / SHORTEST_S) / Math.log(LONGEST_S / SHORTEST_S);
  }

  const make = () =>
    h("button", { type: "button", class: "flow-step" },
      h("span", { class: "flow-name" }, h("span"), h("b", { class: "flow-sign" })),
      h("span", { class: "flow-now" }, h("b"), h("small", { class: "flow-overdue" })),
      h("span", { class: "flow-traffic" }),
      h("span", { class: "flow-stay" }, h("b"), h("small")),
      h("span", { class: "flow-bar", "aria-hidden": "true" }, h("i"), h("u"), h("s")),
      h("span", { class: "flow-usual" }));

  function fill(box, step) {
    const [name, now, traffic, stay, bar, usual] = box.children;
    const label = t(`step.${step.step}`);
    cases.pickable(box, "step", step.step, t("cases.row", { name: label, open: count(step.now), overdue: count(step.overdue) }));
    set(box, { "data-bottleneck": step.isBottleneck, "data-outside": Boolean(NOT_OPEN[step.step]) });
    say(name.firstChild, label);
    const slow = { n: count(step.slow) };
    say(name.lastChild, step.isBottleneck ? t("cases.flow.stuck", slow) : step.slow ? t("cases.flow.slow", slow) : "");
    say(now.children[0], count(step.now));
    say(now.children[1], step.overdue ? t("cases.flow.overdue", { n: count(step.overdue) }) : "");
    const moved = { in: count(step.in), out: count(step.out) };
    say(traffic, isUnknown(step.out) ? t("cases.flow.in", moved) : t("cases.flow.in_out", moved));
    fillStay(stay, bar, usual, step);
  }

  function fillStay(stay, bar, usual, { step, week, month }) {
    const [n, median, p90] = week;
    const isTold = step !== "evaluate" && n > 0;
    say(stay.firstChild, isTold ? cases.span(median) : NOT_OPEN[step] ? "" : t("cases.flow.few"));
    say(stay.lastChild, isTold && !isUnknown(p90) ? `– ${cases.span(p90)}` : "");
    set(bar, { "data-empty": !isTold });
    if (isTold) {
      bar.children[0].style.width = `${(place(p90 ?? median) * 100).toFixed(1)}%`;
      bar.children[1].style.left = `${(place(median) * 100).toFixed(1)}%`;
      bar.children[2].style.left = `${(place(month[1] ?? median) * 100).toFixed(1)}%`;
    }
    say(usual, step === "evaluate" ? t(NOT_OPEN[step]) : isUnknown(month[1]) ? "" : t("cases.flow.month", { age: cases.span(month[1]) }));
    set(stay, { title: isTold ? t("cases.flow.week", { n: count(n) }) : null });
  }

  onescreen.definePanel("cases-flow", (body, values, _, section) => {
    const list = once(body, () => body.appendChild(h("div", { class: "flow" })));
    cases.explain(section);
    const steps = (values.steps ?? []).map((step) => ({ ...step, isBottleneck: step.step === values.bottleneck }));
    rows(list, steps, ({ step }) => step, make, fill);
    say(section.querySelector(".panel-note"), steps.length ? t("cases.flow.note") : "");
  });
})();
