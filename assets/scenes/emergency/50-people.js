// Those on duty nearest to it, by the letters of the plan, with the age of their position; the departments that answer.
(() => {
  "use strict";
  const { h, set, say, once, rows, since, count, named, fitting, isUnknown, word, t } = onescreen.tools;
  const { emergency } = onescreen;
  const ROW_REM = 1.8;

  const make = () =>
    h("a", { class: "emergency-person" }, h("b", { class: "emergency-letter" }), h("span"), h("span"), h("span"), h("span", { class: "emergency-age" }));

  function fill(row, person) {
    const [letter, name, role, where, age] = row.children;
    const address = `/officer/${encodeURIComponent(person.id)}`;
    set(row, { href: address, "data-open": address, title: `${person.name} · ${named(person.department, person.department_en)}` });
    say(letter, person.label);
    say(name, person.name);
    say(role, word("role", person.role));
    say(where, emergency.where(person));
    if (isUnknown(person.positioned_at)) set(age, { "data-since": null });
    since(age, "age", person.positioned_at, isUnknown(person.positioned_at) ? null : "emergency.position_age");
  }

  const makeDepartment = () => h("a", { class: "emergency-department" }, h("span"), h("em"), h("b"));

  function fillDepartment(chip, { id, name, name_en: nameEn, people, is_own: isOwn }) {
    const address = `/department/${encodeURIComponent(id)}`;
    set(chip, { href: address, "data-open": address, "data-own": isOwn });
    say(chip.children[0], named(name, nameEn));
    say(chip.children[1], isOwn ? t("emergency.own_department") : "");
    say(chip.children[2], t("emergency.people_of", { n: count(people) }));
  }

  /** As many as fit into the line: whoever has fewest people here falls away first. */
  function showDepartments(box, all) {
    do rows(box, all, ({ id }) => id, makeDepartment, fillDepartment);
    while (box.scrollWidth > box.clientWidth + 1 && all.length > 1 && all.pop());
  }

  function build(body) {
    const list = h("div", { class: "emergency-people" });
    const none = h("p", { class: "none" });
    const departments = h("div", { class: "emergency-departments", "aria-label": t("emergency.departments") });
    const lost = h("p", { class: "more" });
    body.append(departments, list, none, lost);
    return { list, none, departments, lost };
  }

  function noneText({ on_duty: onDuty, about }) {
    if (isUnknown(onDuty)) return t("emergency.no_officers");
    return about ? t("emergency.no_people") : "";
  }

  onescreen.definePanel("emergency-people", (body, values, _, section) => {
    const { list, none, departments, lost } = once(body, build);
    set(departments, { hidden: !values.departments.length });
    showDepartments(departments, [...values.departments]);
    const shown = values.rows.slice(0, fitting(list, ROW_REM));
    emergency.peopleShown = shown.length;
    rows(list, shown, ({ id }) => id, make, fill);
    say(none, values.rows.length ? "" : noneText(values));
    set(none, { hidden: !none.textContent });
    say(lost, values.lost ? t("emergency.lost", { n: count(values.lost) }) : "");
    const note = section.querySelector(".panel-note");
    set(note, { "data-explain": "emergency_near" });
    const near = isUnknown(values.near) ? "" : t("emergency.near", { n: count(values.near) });
    say(note, [near, isUnknown(values.on_duty) ? "" : t("emergency.on_duty", { n: count(values.on_duty) })].filter(Boolean).join(" · "));
  });
})();
