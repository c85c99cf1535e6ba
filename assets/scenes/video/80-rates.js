// Online rate by platform, department and street. Counts stand beside every rate, unknown ones apart from both.
(() => {
  "use strict";
  const onescreen = window.onescreen;
  const { h, bar, showBar, say, set, once, rows, fitting, count, percent, isUnknown, named, t, UNKNOWN } = onescreen.tools;
  const ROW_REM = 1.5;
  const FILTERS = { platforms: "source", departments: "department", streets: "area" };

  const rateOf = (online, offline) => (online + offline ? online / (online + offline) : null);

  function cells() {
    return [
      h("span", { class: "rate-name" }),
      h("span", { class: "rate-bar" }, bar()),
      h("b", { class: "rate-share" }),
      h("span", { class: "rate-offline" }),
      h("span", { class: "rate-unknown" }),
    ];
  }

  const make = () => h("button", { class: "rate", type: "button" }, ...cells());

  function fill(row, { key, filter, name, online, offline, unknown, worst }) {
    const [label, box, share, off, lost] = row.children;
    const rate = rateOf(online, offline);
    row.onclick = key && filter ? () => onescreen.videoChoose({ [filter]: key }, true) : null;
    set(row, { title: t("video.rates.row", { name, online: count(online), offline: count(offline), unknown: count(unknown) }), disabled: !row.onclick });
    set(row, { "aria-pressed": key && onescreen.choice.get()[filter] === key ? "true" : null });
    say(label, name);
    showBar(box.firstChild, rate === null || !worst ? 0 : (1 - rate) / worst, 0);
    set(box, { "data-unknown": rate === null });
    say(share, isUnknown(rate) ? UNKNOWN : `${percent(rate)}%`);
    say(off, offline ? count(offline) : "–");
    say(lost, unknown ? count(unknown) : "–");
    set(lost, { "data-some": unknown > 0 });
  }

  function head(key) {
    return h("div", { class: "rate rate-head" },
      h("span", { class: "rate-name" }, t(`video.rates.${key}`)),
      h("span"),
      h("span", { "data-explain": "video_rate" }, t("video.rates.online")),
      h("span", { class: "rate-offline" }, t("video.rates.offline")),
      h("span", { class: "rate-unknown" }, t("video.rates.unknown")));
  }

  function build(body) {
    const lists = {};
    for (const key of Object.keys(FILTERS)) {
      lists[key] = h("div", { class: `rate-list rate-${key}` });
      body.append(head(key), lists[key]);
    }
    return lists;
  }

  const rowsOf = (key, table) => (table ?? []).map(([id, name, nameEn, online, offline, unknown]) => ({
    key: id, filter: FILTERS[key], name: id ? named(name || id, nameEn) : t("video.rates.nowhere"), online, offline, unknown,
  }));

  /** What does not fit is summed in one row, so that the column still adds up. */
  function within(list, all) {
    const room = fitting(list, ROW_REM);
    if (all.length <= room) return all;
    const rest = all.slice(room - 1);
    const sum = (field) => rest.reduce((total, row) => total + row[field], 0);
    const last = { name: t("video.rates.more", { n: rest.length }), online: sum("online"), offline: sum("offline"), unknown: sum("unknown") };
    return [...all.slice(0, room - 1), last];
  }

  onescreen.definePanel("video-rates", (body, values, _, section) => {
    const lists = once(body, build);
    for (const [key, list] of Object.entries(lists)) {
      const all = rowsOf(key, values[key]);
      const worst = Math.max(0, ...all.map(({ online, offline }) => 1 - (rateOf(online, offline) ?? 1)));
      const shown = key === "streets" ? within(list, all) : all;
      rows(list, shown.map((row) => ({ ...row, worst })), (row) => row.key ?? row.name, make, fill);
    }
    const [online, offline, unknown] = values.total ?? [];
    const rate = values.total ? rateOf(online, offline) : null;
    const told = values.total ? `${percent(rate)}% · ${count(online)} / ${count(online + offline + unknown)}` : UNKNOWN;
    say(section.querySelector(".panel-note"), told);
  });
})();
