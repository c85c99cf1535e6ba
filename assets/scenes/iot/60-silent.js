// Silent sensors by how long, those that fell silent last, and the emptiest batteries.
(() => {
  "use strict";
  const { h, set, say, sayParts, once, rows, fitting, count, since, isUnknown, bar, showBar, t } = onescreen.tools;
  const { iot } = onescreen;
  const ROW_REM = 1.75;

  const makeRow = () => h("a", { class: "iot-short" }, h("span"), h("em"), h("b"));

  function fillRow(row, sensor, style) {
    const [name, place, figure] = row.children;
    const address = iot.address(sensor);
    set(row, { href: address, "data-open": address, title: `${sensor.name} · ${iot.kindName(sensor.kind)}`, "data-state": sensor.state });
    say(name, sensor.name);
    say(place, style === "battery" ? iot.kindName(sensor.kind) : iot.battery(sensor) && `${t("iot.battery")} ${iot.battery(sensor)}`);
    if (style === "battery") {
      set(figure, { "data-since": null, "data-low": sensor.battery < 0.1 });
      say(figure, iot.battery(sensor));
    } else since(figure, "age", sensor.at);
  }

  const makeClass = () => h("div", { class: "iot-class" }, h("span"), bar(), h("b"));

  function build(body) {
    const classes = h("div", { class: "iot-classes" });
    const list = h("div", { class: "iot-shorts" });
    const none = h("p", { class: "none" }, t("iot.none_silent"));
    const note = h("span", { class: "iot-note", "data-explain": "sensors_low_battery" });
    const batteries = h("div", { class: "iot-shorts" });
    const full = h("p", { class: "none" }, t("iot.none_low"));
    body.append(
      classes,
      h("p", { class: "iot-part" }, h("b", null, t("iot.newest_silent"))),
      list,
      none,
      h("p", { class: "iot-part" }, h("b", null, t("iot.emptiest")), note),
      batteries,
      full,
    );
    return { classes, list, none, note, batteries, full };
  }

  function batteryParts(battery) {
    if (!battery) return [""];
    if (!battery.known) return [t("iot.no_batteries")];
    const { known, low, critical } = battery;
    return [t("iot.low", { n: count(low) }), t("iot.critical", { n: count(critical) }), t("iot.tell", { n: count(known) })];
  }

  onescreen.definePanel("iot-silent", (body, values, _, section) => {
    const { classes, list, none, note, batteries, full } = once(body, build);
    const all = (values.classes ?? []).filter(([name, n]) => name !== "undated" || n > 0);
    const most = Math.max(1, ...all.map(([, n]) => n));
    rows(classes, all, ([name]) => name, makeClass, (row, [name, n]) => {
      say(row.children[0], t(`iot.silent.${name}`));
      showBar(row.children[1], n / most, 0);
      say(row.children[2], count(n));
    });
    rows(list, values.rows.slice(0, fitting(list, ROW_REM)), ({ id }) => id, makeRow, (row, sensor) => fillRow(row, sensor, "since"));
    set(none, { hidden: values.silent !== 0 });
    sayParts(note, batteryParts(values.battery));
    rows(batteries, values.low_rows.slice(0, fitting(batteries, ROW_REM)), ({ id }) => id, makeRow, (row, sensor) => fillRow(row, sensor, "battery"));
    set(full, { hidden: !values.battery?.known || values.battery.low > 0 });
    const head = section.querySelector(".panel-note");
    set(head, { "data-explain": "sensors_silent" });
    const never = values.never ? t("iot.never", { n: count(values.never) }) : "";
    say(head, isUnknown(values.silent) ? "" : [`${t("iot.silent_count")} ${count(values.silent)}`, never].filter(Boolean).join(" · "));
  });
})();
