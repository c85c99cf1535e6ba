// What a leader wants to know of the city's data, in seven figures; each with its parts.
(() => {
  "use strict";
  const onescreen = window.onescreen;
  const { h, say, sayParts, set, once, count, isUnknown, t, age, now, duration, named, UNKNOWN } = onescreen.tools;
  const { sources } = onescreen;
  const KEYS = ["departments", "sources", "fresh", "usable", "inside", "uptime"];
  const DAY_S = 86400;

  function figure(key) {
    const big = h("b", {}, h("span"), h("i"));
    return h("div", { class: "sources-figure", "data-figure": key, "data-explain": `sources.${key}` }, h("small", {}, t(`sources.sum.${key}`)), big, h("span"));
  }

  function build(body) {
    const figures = Object.fromEntries(KEYS.map((key) => [key, figure(key)]));
    const volume = figure("volume");
    const chart = onescreen.tools.hourBars();
    const box = h("div", { class: "sources-volume" }, volume, chart);
    body.append(h("div", { class: "sources-figures" }, ...Object.values(figures), box));
    return { figures, volume, chart };
  }

  function show(box, value, of, note, isBad) {
    const [, big, said] = box.children;
    say(big.firstChild, value);
    say(big.lastChild, of);
    sayParts(said, note);
    set(said, { title: note.filter(Boolean).join(" · ") || null });
    set(box, { "data-bad": isBad });
  }

  const part = (key, n) => (n ? t(`sources.sum.${key}`, { n: count(n) }) : "");

  function departmentsNote({ partly, not_delivering: not, without }) {
    const told = [part("not_delivering", not), part("partly", partly), part("without", without)].filter(Boolean);
    return told.length ? told : [t("sources.sum.all_delivering")];
  }

  function sourcesNote({ others }) {
    return others.length ? others.map(([word, n]) => `${t(word)} ${count(n)}`) : [t("sources.sum.all_live")];
  }

  function freshNote({ fresh, sources: total, oldest }) {
    if (!oldest) return [fresh === total ? t("sources.sum.all_fresh") : ""];
    return [t("sources.sum.oldest", { name: named(oldest[0], oldest[1]) }), age((now() - oldest[2]) / 1000)];
  }

  function uptimeNote([day, week, month]) {
    if (isUnknown(day[0])) return [""];
    if (month[1] <= DAY_S) return [t("sources.sum.history", { age: duration(month[1]) })];
    return [t("sources.sum.week", { share: sources.share(week[0]) }), t("sources.sum.month", { share: sources.share(month[0]) })];
  }

  onescreen.definePanel("sources-sum", (body, values) => {
    const { figures, volume, chart } = once(body, build);
    const { departments, sources: total } = values;
    show(figures.departments, count(values.delivering), isUnknown(departments) ? "" : ` / ${count(departments)}`, isUnknown(departments) ? [""] : departmentsNote(values), values.not_delivering + values.partly > 0);
    show(figures.sources, count(values.live), isUnknown(total) ? "" : ` / ${count(total)}`, sourcesNote(values), values.dead > 0);
    show(figures.fresh, count(values.fresh), isUnknown(total) ? "" : ` / ${count(total)}`, freshNote(values), Boolean(values.oldest));
    show(figures.usable, sources.share(values.usable), "", [isUnknown(values.rejected) ? "" : t("sources.sum.rejected", { n: count(values.rejected) })], false);
    show(figures.inside, sources.share(values.inside), "", [isUnknown(values.unplaced) ? "" : t("sources.sum.unplaced", { share: sources.loss(values.unplaced) })], false);
    show(figures.uptime, sources.share(values.uptime[0][0]), "", uptimeNote(values.uptime), false);
    const last = values.volume.at(-1);
    show(volume, count(values.records), "", [isUnknown(last) ? UNKNOWN : t("sources.sum.per_hour", { n: count(last) })], false);
    onescreen.tools.showHourBars(chart, values.volume, t("sources.sum.hours"));
  });
})();
