// Rows of single cases: time left or overdue, what and where, step, who; each opens its case. Rows never move under a
// pointer: what is new waits until it has left.
(() => {
  "use strict";
  const { h, set, say, sayParts, once, rows, fitting, prioritySign, showPriority, count, duration, named, isUnknown, word, t, UNKNOWN } = onescreen.tools;
  const { cases } = onescreen;
  const STEPS = ["collect", "register", "dispatch", "handle", "reply", "close", "evaluate"];
  const TICK_MS = 10000;

  const make = () =>
    h("a", { class: "case-row" },
      prioritySign(),
      h("span", { class: "case-when" }, h("b"), h("span", { class: "case-time" }, h("i"))),
      h("span", { class: "case-what" }, h("b"), h("small")),
      h("span", { class: "case-step" }, h("span"), h("span", { class: "case-dots", "aria-hidden": "true" }, ...STEPS.map(() => h("i")))),
      h("span", { class: "case-who" }, h("span"), h("small")));

  function fill(row, item) {
    const [sign, when, what, step, who] = row.children;
    const address = `/case/${encodeURIComponent(item.id)}`;
    const name = word("subcategory", item.subcategory);
    set(row, { href: address, "data-open": address, title: `${name} ${item.address} ${item.number}` });
    showPriority(sign, item.priority, false);
    row.onescreenCase = item;
    showTime(when, item);
    say(what.firstChild, `${name} · ${whereOf(item)}`);
    if (item.reasons) sayParts(what.lastChild, item.reasons.map(reasonText));
    else sayParts(what.lastChild, [item.number, tools.word("origin", item.origin)]);
    set(what.lastChild, { "data-reasons": Boolean(item.reasons) });
    say(step.firstChild, item.step ? t(`step.${item.step}`) : t(`case.${item.state}`));
    const at = STEPS.indexOf(item.step);
    [...step.lastChild.children].forEach((dot, index) => set(dot, { "data-done": index < at, "data-here": index === at }));
    say(who.firstChild, named(item.street[1], item.street[2]) || UNKNOWN);
    say(who.lastChild, named(item.department[1], item.department[2]) || UNKNOWN);
  }

  /** Two units where they matter: over ten hours the minutes are left out. */
  const spanOf = (seconds) => duration(seconds >= 10 * 3600 && seconds < 86400 ? seconds - (seconds % 3600) : seconds);

  /** The address without the street's name, which stands beside it. */
  function whereOf({ address, street }) {
    const [, name, nameEn] = street;
    if (!address) return named(name, nameEn);
    return name && address.startsWith(name) && address.length > name.length ? address.slice(name.length) : address;
  }

  const tools = onescreen.tools;
  const reasonText = ([reason, value]) => t(`cases.why.${reason}`, { value });

  /** Time left as a bar that shortens; overdue in words, yellow and dashed. */
  function showTime(box, { due_at: due, registered_at: from }) {
    const [text, bar] = box.children;
    const left = isUnknown(due) ? null : (due - tools.now()) / 1000;
    const isLate = left !== null && left < 0;
    set(box, { "data-late": isLate, "data-soon": left !== null && !isLate && left < 4 * 3600 });
    say(text, left === null ? t("cases.no_limit") : t(isLate ? "cases.late" : "cases.left", { age: spanOf(Math.abs(left)) }));
    const whole = isUnknown(due) || isUnknown(from) ? 0 : (due - from) / 1000;
    const share = isLate ? 1 : whole > 0 && left !== null ? Math.min(1, left / whole) : 0;
    set(bar, { hidden: left === null });
    bar.firstChild.style.width = `${(share * 100).toFixed(1)}%`;
  }

  setInterval(() => {
    for (const row of document.querySelectorAll(".case-row")) showTime(row.children[1], row.onescreenCase);
  }, TICK_MS);

  function build(none) {
    return (body) => {
      const list = h("div", { class: "case-rows" });
      const more = h("p", { class: "more" });
      const nothing = h("p", { class: "none" }, t(none));
      body.append(list, more, nothing);
      const parts = { list, more, nothing, held: null };
      const release = () => parts.held && parts.held();
      list.addEventListener("pointerleave", release);
      list.addEventListener("focusout", (event) => list.contains(event.relatedTarget) || release());
      return parts;
    };
  }

  const isTouched = (list) => list.childElementCount > 0 && (list.matches(":hover") || list.querySelector(":focus-visible") !== null);

  /** While a pointer rests on the list its rows keep their places; another choice is shown at once. */
  function show(parts, values) {
    const draw = () => {
      parts.held = null;
      const all = values.rows ?? [];
      set(parts.list, { hidden: all.length === 0 });
      const scrolls = getComputedStyle(parts.list).overflowY !== "hidden";
      const room = scrolls ? all.length : fitting(parts.list, cases.rowRem(parts.list), 0);
      const shown = all.slice(0, room);
      rows(parts.list, shown, ({ id }) => id, make, fill);
      const rest = (values.total ?? all.length) - shown.length;
      say(parts.more, rest > 0 ? t("cases.more_cases", { n: count(rest) }) : "");
      set(parts.nothing, { hidden: isUnknown(values.total) || values.total > 0 });
    };
    const choice = location.search;
    if (parts.choice === choice && isTouched(parts.list)) parts.held = draw;
    else draw();
    parts.choice = choice;
  }

  onescreen.definePanel("cases-list", (body, values, _, section) => {
    const parts = once(body, build("cases.nothing"));
    cases.explain(section);
    show(parts, values);
    const total = isUnknown(values.total) ? "" : `${t("cases.list.total", { n: count(values.total) })} · ${t("cases.list.order")}`;
    say(section.querySelector(".panel-note"), total);
  });

  onescreen.definePanel("cases-important", (body, values, _, section) => {
    const parts = once(body, build("cases.important.none"));
    cases.explain(section);
    show(parts, values);
    say(section.querySelector(".panel-note"), isUnknown(values.total) ? "" : t("cases.important.note", { n: count(values.total) }));
  });
})();
