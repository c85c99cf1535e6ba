// What needs a look: settings that were refused, shares that can't be told, every source with anything wrong, the worst first, in words, and whom to ask.
(() => {
  "use strict";
  const onescreen = window.onescreen;
  const { h, say, set, once, rows, fitting, named, count, isUnknown, t, since } = onescreen.tools;
  const { sources } = onescreen;
  const ROW_REM = 3.9;
  const SHARES = new Set(["outside", "unplaced"]);
  const TOLD_BY_ERROR = new Set(["degraded", "unavailable", "auth_failed", "frozen"]);

  function make(row) {
    const parts = [h("b"), h("span"), h("span", { class: "need-words" }), h("span", { class: "need-who" })];
    if (!row.department) return h("div", { class: "sources-need" }, ...parts); // a notice has no page
    const address = `/source/${encodeURIComponent(row.id)}`;
    return h("a", { class: "sources-need", href: address, "data-open": address }, ...parts);
  }

  const needText = ([what, argument]) => t(`sources.need.${what}`, { argument: SHARES.has(what) ? sources.loss(argument) : argument });

  function fill(line, row) {
    const [name, lasting, words, who] = line.children;
    say(name, named(row.name, row.name_en));
    if (isUnknown(row.since)) say(lasting, "");
    else since(lasting, "duration", row.since);
    const why = TOLD_BY_ERROR.has(row.needs[0][0]) ? sources.errorText(row.error) : "";
    const isTold = why && row.needs[0][0] === "auth_failed";
    const said = [isTold ? "" : needText(row.needs[0]), why, ...row.needs.slice(1).map(needText)].filter(Boolean).join(" · ");
    say(words, said);
    set(words, { title: said });
    say(who, [row.department && named(...row.department), row.owner].filter(Boolean).join(" · "));
  }

  onescreen.definePanel("sources-needs", (body, values, _, section) => {
    const { list, none, rest } = once(body, () => {
      const made = { list: h("div", { class: "sources-needs" }), none: h("div", { class: "none" }), rest: h("div", { class: "more" }) };
      body.append(made.list, made.none, made.rest);
      return made;
    });
    const all = [...values.notices, ...values.rows];
    const shown = all.slice(0, fitting(list, ROW_REM, all.length));
    rows(list, shown, (row) => (row.department ? row.id : `notice ${row.id}`), make, fill);
    say(none, all.length ? "" : t("sources.none_needing"));
    set(none, { hidden: all.length > 0 });
    const more = all.length - shown.length;
    say(rest, more ? t("departments.more_sources", { n: count(more) }) : "");
    say(section.querySelector(".panel-subject"), `${count(values.rows.length)} / ${count(values.total)}`);
  });
})();
