// Who is on duty, of how many enrolled.
(() => {
  "use strict";
  const { h, bar, showBar, say, once, rows, fitting, count, word, t } = onescreen.tools;
  const ROW_REM = 1.6;

  const make = () => h("div", { class: "duty" }, h("span"), bar(), h("b"), h("span", { class: "duty-total" }));

  function fill(row, [role, onDuty, total]) {
    const [name, rowBar, figure, enrolled] = row.children;
    say(name, word("role", role));
    showBar(rowBar, total ? onDuty / total : 0, 0);
    say(figure, count(onDuty));
    say(enrolled, `/ ${count(total)}`);
  }

  onescreen.definePanel("duty", (body, values, _, section) => {
    const list = once(body, () => body.appendChild(h("div", { class: "duty-list" })));
    rows(list, (values.rows ?? []).slice(0, fitting(body, ROW_REM)), ([role]) => role, make, fill);
    say(section.querySelector(".panel-note"), `${t("duty.on_duty")} / ${t("duty.total")}`);
  });
})();
