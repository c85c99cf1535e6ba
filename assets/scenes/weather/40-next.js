// What is announced to happen next, the soonest first, each with the time left.
(() => {
  "use strict";
  const { h, say, set, once, rows, since, fitting, clock, decimal, named, t } = onescreen.tools;
  const weather = onescreen.weather;
  const ROW_REM = 2.8;
  const WARNING = new Set(["expiry", "onset"]);

  const make = () => h("a", { class: "wx-next" }, h("b"), h("span", null, h("span"), h("small")), h("em"));

  function titleOf(row) {
    if (WARNING.has(row.what)) return t(`weather.next.${row.what}`, { event: weather.hazard(row), colour: weather.colour(row.level) });
    return t(`weather.next.${row.what}`, { height: decimal(row.height_m) });
  }

  function sourceOf(row) {
    if (WARNING.has(row.what)) return t("weather.next.signal");
    if (row.what === "forecast") return [row.name && named(row.name, row.name_en), t("weather.next.announced")].filter(Boolean).join(" · ");
    return t("weather.next.table", { name: named(row.name, row.name_en) });
  }

  function fill(element, row) {
    const address = WARNING.has(row.what) ? `/warning/${encodeURIComponent(row.id)}` : null;
    set(element, { href: address, "data-open": address, "data-level": row.level ?? null });
    const [at, what, left] = element.children;
    say(at, clock(row.at));
    set(at, { "data-long": clock(row.at).length > 5 });
    say(what.firstChild, titleOf(row));
    say(what.lastChild, sourceOf(row));
    since(left, "until", row.at);
  }

  onescreen.definePanel("weather-next", (body, values) => {
    const { list, none } = once(body, () => {
      const parts = { list: h("div", { class: "wx-nexts" }), none: h("p", { class: "none" }, t("weather.next.none")) };
      body.append(parts.list, parts.none);
      return parts;
    });
    const all = values.rows ?? [];
    set(none, { hidden: all.length > 0 || !values.rows });
    rows(list, all.slice(0, fitting(body, ROW_REM)), (row) => `${row.what}/${row.id}`, make, fill);
  });
})();
