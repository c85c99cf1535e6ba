// Who answers for the area: whose beat it is, which departments have open cases here, who is here now by role.
(() => {
  "use strict";
  const onescreen = window.onescreen;
  const { h, say, set, once, rows, fitting, named, count, isUnknown, t, word, since } = onescreen.tools;
  const { grid } = onescreen;
  const ROW_REM = 1.6;

  const makePerson = () => h("a", { class: "grid-person" }, h("i", { class: "grid-duty-sign", "aria-hidden": "true" }), h("b"), h("span"), h("span", { class: "grid-person-age" }));

  function fillPerson(row, [id, name, role, isOn, at, isLost]) {
    const [sign, label, post, age] = row.children;
    const address = `/officer/${encodeURIComponent(id)}`;
    const duty = isUnknown(isOn) ? "unknown" : isOn ? "on" : "off";
    set(row, { href: address, "data-open": address, "data-duty": duty, "data-lost": isLost });
    set(sign, { title: t(`grid.duty.${duty}`) });
    say(label, name || id);
    say(post, `${word("role", role)} · ${t(`grid.duty.${duty}`)}`);
    since(age, "ago", at);
  }

  const makeDepartment = () => h("a", { class: "grid-department" }, h("span", { class: "grid-name" }), h("b", null, h("span"), h("em")), h("span"));

  function fillDepartment(row, [id, name, nameEn, open, overdue, officer]) {
    const [label, counts, who] = row.children;
    const address = `/department/${encodeURIComponent(id)}`;
    set(row, { href: address, "data-open": address });
    say(label, named(name, nameEn));
    say(counts.firstChild, t("grid.duty.open", { open: count(open) }));
    say(counts.lastChild, overdue ? t("grid.duty.overdue", { overdue: count(overdue) }) : "");
    say(who, officer ? t("grid.duty.officer", { name: officer }) : "");
  }

  function beatText({ area, beat }) {
    if (!area) return t("grid.duty.choose");
    if (!beat) return t("grid.duty.none");
    const name = named(beat[1], beat[2]);
    return t(beat[0] === area ? "grid.duty.beat" : "grid.duty.wider", { name });
  }

  onescreen.definePanel("grid-duty", (body, values, _, section) => {
    const parts = once(body, () => {
      const beat = h("div", { class: "grid-subhead" });
      const people = h("div", { class: "grid-people-list" });
      const head = h("div", { class: "grid-subhead" }, t("grid.duty.departments"));
      const list = h("div", { class: "grid-list" });
      body.append(beat, people, head, list);
      return { beat, people, head, list };
    });
    say(parts.beat, beatText(values));
    grid.subject(section, grid.placeName(values));
    const here = values.roles.reduce((sum, [, , all]) => sum + all, 0);
    say(section.querySelector(".panel-note"), `${t("grid.duty.here")} ${count(here)}`);
    set(section.querySelector(".panel-note"), { title: values.roles.map(([role, on, all]) => `${word("role", role)} ${count(on)}/${count(all)}`).join(" · ") });
    const most = Math.max(2, Math.floor(fitting(body, ROW_REM, 0) / 2) - 1);
    const people = values.answering.slice(0, most);
    rows(parts.people, people, ([id]) => id, makePerson, fillPerson);
    say(parts.head, values.departments.length ? t("grid.duty.departments") : t("grid.duty.none_open"));
    rows(parts.list, values.departments.slice(0, fitting(parts.list, ROW_REM, 0)), ([id]) => id, makeDepartment, fillDepartment);
  });
})();
