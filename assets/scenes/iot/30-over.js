// Sensors over a limit now, the worst first; those that fell silent over it are told beside them, not among them.
(() => {
  "use strict";
  const { h, set, say, sayParts, once, rows, fitting, count, t } = onescreen.tools;
  const { iot } = onescreen;
  const ROW_REM = 2.9;

  function build(body) {
    const list = h("div", { class: "iot-list" });
    const more = h("p", { class: "more" });
    const none = h("p", { class: "none" }, t("iot.none_over"));
    body.append(list, none, more);
    return { list, more, none };
  }

  onescreen.definePanel("iot-alarms", (body, values, _, section) => {
    const { list, more, none } = once(body, build);
    const total = (values.total ?? 0) + (values.silent ?? 0) + (values.unknown ?? 0);
    const shown = values.rows.slice(0, fitting(body, ROW_REM, total));
    rows(list, shown, ({ id }) => id, iot.makeRow, iot.fillRow);
    set(none, { hidden: values.total === null || total > 0 });
    const rest = total - shown.length;
    const said = [
      rest > 0 && t("iot.more", { n: count(rest) }),
      values.silent > 0 && t("iot.silent_over", { n: count(values.silent) }),
      values.unknown > 0 && t("iot.unknown_over", { n: count(values.unknown) }),
    ];
    sayParts(more, said.filter(Boolean).length ? said : [""]);
    const levels = (values.levels ?? []).map((n, i) => n > 0 && t("iot.level", { level: i + 1, n: count(n) }));
    const note = section.querySelector(".panel-note");
    set(note, { "data-explain": "sensors_over" });
    say(note, [count(values.total), ...levels.filter(Boolean)].join(" · "));
  });
})();
