// Streets by open cases, the overdue part marked; the parts add up to the total below.
(() => {
  "use strict";
  const { h, bar, showBar, say, set, once, rows, fitting, count, change, isUnknown, named, t, UNKNOWN } = onescreen.tools;
  const ROW_REM = 1.5;

  function make() {
    return h(
      "a",
      { class: "street" },
      h("span", { class: "street-name" }),
      bar(),
      h("b", { class: "street-open" }),
      h("span", { class: "street-change" }),
      h("span", { class: "street-overdue" }),
    );
  }

  function fill(row, { code, name, open, overdue, before, most }) {
    const [label, rowBar, opened, changed, late] = row.children;
    const address = code ? `/area/${code}` : null;
    set(row, { href: address, "data-open": address, title: t("streets.row", { name, open, overdue }) });
    say(label, name);
    showBar(rowBar, open / most, overdue / most);
    say(opened, count(open));
    say(changed, isUnknown(before) ? "" : change(open - before));
    say(late, overdue ? count(overdue) : "–");
    set(late, { "data-overdue": overdue > 0 });
  }

  function build(body) {
    const head = h(
      "div",
      { class: "street street-head", "aria-hidden": "true" },
      h("span"),
      h("span"),
      h("span", null, t("streets.open")),
      h("span", { class: "street-change" }, t("streets.yesterday")),
      h("span", null, t("streets.overdue")),
    );
    const list = h("div", { class: "street-list" });
    const total = make();
    set(total, { class: "street street-total" });
    body.append(head, list, total);
    return { list, total };
  }

  const streetOf = ([code, name, nameEn, open, overdue, before], most) => ({
    code, name: named(name, nameEn), open, overdue, before, most,
  });

  /** What does not fit is summed in one row, so that the column still adds up. */
  function rest(streets, most) {
    const sum = (field) => streets.reduce((total, street) => total + (street[field] ?? 0), 0);
    return { name: t("streets.more", { n: streets.length }), open: sum("open"), overdue: sum("overdue"), before: null, most };
  }

  onescreen.definePanel("streets", (body, values) => {
    const { list, total } = once(body, build);
    const [elseOpen, elseOverdue] = values.elsewhere ?? [0, 0];
    const most = Math.max(1, elseOpen, ...(values.rows ?? []).map((row) => row[3]));
    let shown = (values.rows ?? []).map((row) => streetOf(row, most));
    const room = fitting(list, ROW_REM) - (elseOpen ? 1 : 0);
    if (shown.length > room) shown = [...shown.slice(0, room - 1), rest(shown.slice(room - 1), most)];
    if (elseOpen) shown.push({ name: t("streets.elsewhere"), open: elseOpen, overdue: elseOverdue, before: null, most });
    rows(list, shown, (street) => street.code ?? street.name, make, fill);
    const [open, overdue] = values.total ?? [null, null];
    const [label, totalBar, opened, , late] = total.children;
    say(label, t("streets.total"));
    set(totalBar, { hidden: true });
    say(opened, count(open));
    say(late, isUnknown(overdue) ? UNKNOWN : count(overdue));
    set(late, { "data-overdue": overdue > 0 });
  });
})();
