// Today's numbers, each with what it is compared with.
(() => {
  "use strict";
  const { h, number, once, say, set, isUnknown, change, percent, duration, t } = onescreen.tools;
  const tools = onescreen.tools;

  const ratio = (part, whole) => (isUnknown(part) || !whole ? null : part / whole);

  // name, how the big figure is made, what stands below; `share` cards show a percentage of two hooked counts: of those
  // that somebody alive can tell of, else a dead platform would look like thousands of dead cameras.
  const CARDS = [
    { name: "cases_today", note: againstWeekday },
    { name: "cases_open", note: againstYesterday, open: "/cases" },
    { name: "cases_overdue", note: oldest, isOverdue: (values) => values.cases_overdue > 0, open: "/cases?overdue=1" },
    { name: "ontime_rate", unit: "%", note: target },
    { name: "cameras_online", share: "cameras_total", unknown: "cameras_unknown" },
    { name: "sensors_online", share: "sensors_total", unknown: "sensors_unknown" },
  ];

  function againstWeekday({ cases_today: now, cases_today_before: before }) {
    if (isUnknown(now) || !before) return "";
    return t("kpi.against_weekday", { change: `${change(Math.round((now / before - 1) * 100))}%` });
  }

  function againstYesterday({ cases_open: now, cases_open_before: before }) {
    return isUnknown(now) || isUnknown(before) ? "" : t("kpi.against_yesterday", { change: change(now - before) });
  }

  function oldest({ cases_overdue: overdue, oldest_overdue_s: seconds }) {
    if (overdue === 0) return t("kpi.none_overdue");
    return isUnknown(seconds) ? "" : t("kpi.oldest", { age: duration(seconds) });
  }

  function target(values) {
    const share = values.ontime_target ?? onescreen.settings.ontime_target;
    return isUnknown(share) ? "" : t("kpi.target", { target: `${percent(share, 0)}%` });
  }

  function build(body) {
    const cards = CARDS.map((card) => {
      const figure = card.share ? h("span") : number(card.name);
      const total = card.share ? h("span", null, number(card.name), " / ", number(card.share)) : null;
      const unknown = card.share ? h("span") : null;
      const note = card.share
        ? h("span", { class: "kpi-note" }, total, unknown)
        : h("span", { class: "kpi-note" });
      const unit = card.share ? "%" : (card.unit ?? "");
      const box = h(
        card.open ? "a" : "div",
        { class: "kpi-card", tabindex: 0, href: card.open, "data-open": card.open, "data-hint": t(`number.${card.name}.definition`) },
        h("span", { class: "kpi-label" }, t(`number.${card.name}`)),
        h("b", { class: "kpi-figure" }, figure, h("i", null, unit)),
        note,
      );
      return { card, box, figure, note, total, unknown };
    });
    body.append(h("div", { class: "kpi-grid" }, ...cards.map(({ box }) => box)));
    return cards;
  }

  onescreen.definePanel("kpi", (body, values) => {
    for (const { card, box, figure, note, total, unknown } of once(body, build)) {
      if (card.share) {
        const missing = values[card.unknown] ?? 0;
        say(figure, percent(ratio(values[card.name], values[card.share] - missing)));
        set(total, { hidden: missing > 0 });
        say(unknown, missing > 0 ? t("kpi.unknown", { count: tools.count(missing) }) : "");
      } else say(note, card.note(values));
      set(box, { "data-overdue": card.isOverdue?.(values) ?? false });
    }
    tools.showNumbers(values);
  });
})();
