// Every source by how old it is against what it promised: the bar is the age, its tick the promise, its end too old.
(() => {
  "use strict";
  const onescreen = window.onescreen;
  const { h, say, set, once, rows, fitting, count, isUnknown, t, word, since, duration, now } = onescreen.tools;
  const { departments } = onescreen;
  const ROW_REM = 2.5;

  const make = () =>
    h("a", { class: "departments-source" }, h("b"), h("span", { class: "departments-who" }), h("span", { class: "departments-age" }), h("span", { class: "departments-bar", "aria-hidden": "true" }, h("i"), h("u")), h("span", { class: "departments-what" }));

  function fill(row, source) {
    const [name, who, age, gauge, what] = row.children;
    const address = `/source/${encodeURIComponent(source.id)}`;
    set(row, { href: address, "data-open": address, "data-state": source.state, title: `${source.name} · ${t("departments.limit", { age: duration(source.stale_after_s) })}` });
    say(name, source.name);
    say(who, departments.nameOf(source.department));
    if (isUnknown(source.at)) {
      set(age, { "data-since": null });
      say(age, t("departments.never"));
    } else since(age, "ago", source.at);
    const seconds = isUnknown(source.at) ? Infinity : (now() - source.at) / 1000;
    const whole = source.stale_after_s || 1;
    gauge.firstChild.style.width = `${Math.min(100, (100 * seconds) / whole)}%`;
    gauge.lastChild.style.left = `${Math.min(100, (100 * source.interval_s) / whole)}%`;
    const state = source.state === "live" ? "" : word("departments", source.state);
    const rejected = source.rejected ? t("departments.rejected", { n: count(source.rejected) }) : "";
    say(what, [state, ...source.records.map(departments.kindText), rejected].filter(Boolean).join(" · "));
  }

  onescreen.definePanel("departments-sources", (body, values, _, section) => {
    const { list, rest } = once(body, () => {
      const made = { list: h("div", { class: "departments-sources" }), rest: h("div", { class: "more" }) };
      body.append(made.list, made.rest);
      return made;
    });
    const ok = values.rows.filter((row) => row.state === "live").length;
    say(section.querySelector(".panel-note"), `${t("departments.ok")} ${count(ok)} / ${count(values.rows.length)}`);
    const shown = values.rows.slice(0, fitting(list, ROW_REM, values.rows.length));
    rows(list, shown, (row) => row.id, make, fill);
    const more = values.rows.length - shown.length;
    say(rest, more ? t("departments.more_sources", { n: count(more) }) : "");
  });
})();
