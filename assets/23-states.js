// What a panel says about itself where its age stands, and every other text that time alone changes.
(() => {
  "use strict";
  const onescreen = (window.onescreen = window.onescreen ?? {});
  const tools = onescreen.tools;
  const { t } = onescreen;
  const root = document.documentElement;

  // A shape for every state but the ordinary one: never colour alone. Paths in a box of 12 × 12.
  const SHAPES = {
    delayed: "M6 .8a5.2 5.2 0 1 0 0 10.4A5.2 5.2 0 0 0 6 .8ZM6 3v3.2l2.2 1.3",
    stale: "M6 1 11.2 10.6H.8ZM6 4.4v3M6 8.9v.2",
    frozen: "M3.6 1.6v8.8M8.4 1.6v8.8",
    partial: "M6 .8a5.2 5.2 0 1 0 0 10.4A5.2 5.2 0 0 0 6 .8ZM6 .8v10.4M6 3h3.9M6 6h5M6 9h3.9",
    "no-data": "M6 .8a5.2 5.2 0 1 0 0 10.4A5.2 5.2 0 0 0 6 .8Z",
    error: "M1.4 1.4h9.2v9.2H1.4ZM4 4l4 4M8 4l-4 4",
    "not-configured": "M1 6h2.4M4.8 6h2.4M8.6 6H11",
    paused: "M6 .8a5.2 5.2 0 1 0 0 10.4A5.2 5.2 0 0 0 6 .8ZM4.7 4v4M7.3 4v4",
    replay: "M3 1.6 10.4 6 3 10.4Z",
  };

  function stateText({ state, as_of: asOf, coverage }) {
    const seconds = tools.isUnknown(asOf) ? null : (tools.now() - asOf) / 1000;
    const age = seconds === null ? t("age.never") : tools.age(seconds);
    if (state === "live") return seconds === null ? t("state.live") : agoText(seconds);
    if (state === "replay") return t("state.replay", { at: tools.clock(asOf) });
    if (state === "partial") {
      const known = seconds === null ? "" : ` · ${agoText(seconds)}`;
      return t("state.partial", { coverage: coverage == null ? "" : `${tools.percent(coverage, 0)}%` }) + known;
    }
    if (state === "no-data" && seconds !== null) return `${t("state.no-data")} · ${agoText(seconds)}`;
    return t(`state.${state}`, { age });
  }

  const agoText = (seconds) => (seconds < 1 ? t("age.now") : t("age.ago", { age: tools.age(seconds) }));

  /** `["reason.key", …names]` or `["key", {name: value}]` as a sentence. */
  function reasonText(reason) {
    if (!reason) return null;
    const [key, ...rest] = Array.isArray(reason) ? reason : [reason];
    const values = rest.length === 1 && typeof rest[0] === "object" ? rest[0] : { names: rest.join("、") };
    return t(key, values);
  }

  /** Writes state and age into a panel's heading. */
  onescreen.showState = (section, panel) => {
    if (section.dataset.state !== panel.state) section.dataset.state = panel.state;
    const place = section.querySelector(".panel-age");
    if (!place) return;
    const parts = tools.once(place, () => {
      const path = tools.svg("path");
      const shape = tools.svg("svg", { viewBox: "0 0 12 12", class: "state-shape", "aria-hidden": "true" }, path);
      const text = tools.h("span");
      place.append(shape, text);
      return { path, shape, text };
    });
    tools.set(parts.shape, { hidden: !SHAPES[panel.state] });
    tools.set(parts.path, { d: SHAPES[panel.state] ?? "" });
    tools.say(parts.text, stateText(panel));
    fit(place.parentElement, parts);
    const reason = reasonText(panel.reason);
    tools.set(place, { title: reason, "data-hint": reason ? "title" : null, tabindex: reason ? 0 : null });
  };

  const heads = new Set(); // headings still to be measured

  /** Marks a heading in which not everything has room; measured only when its texts may have another width. */
  function fit(head, parts) {
    const wanted = `${head.textContent.length}|${innerWidth}|${parts.shape.hasAttribute("hidden")}`;
    if (parts.fitted === wanted) return;
    parts.fitted = wanted;
    if (!heads.size) queueMicrotask(fitAll);
    heads.add(head);
  }

  /** All headings of one drawing together, so that they cost one layout and not one each. */
  function fitAll() {
    for (const head of heads) tools.set(head, { "data-tight": null });
    const tight = [...heads].filter((head) => head.scrollWidth > head.clientWidth + 1);
    for (const head of tight) tools.set(head, { "data-tight": true });
    heads.clear();
  }

  /** Marks an element whose text is the time since `ms`, in the manner of `style`: stopwatch, age, ago, duration, until. */
  tools.since = (element, style, ms, key) => {
    tools.set(element, { "data-since": ms ?? null, "data-style": style, "data-say": key ?? null });
    showSince(element);
  };

  const untilText = (seconds) => (seconds >= 0 ? t("age.due") : tools.stopwatch(-seconds)); // a time to come
  const STYLES = { stopwatch: tools.stopwatch, age: tools.age, duration: tools.duration, ago: agoText, until: untilText };

  function showSince(element) {
    const { since, style, say } = element.dataset;
    if (since === undefined) return tools.say(element, tools.UNKNOWN);
    const text = STYLES[style]((tools.now() - Number(since)) / 1000);
    return tools.say(element, say ? t(say, { age: text }) : text);
  }

  function showClock() {
    const now = onescreen.now?.();
    const clock = document.getElementById("header-clock");
    const date = document.getElementById("header-date");
    if (!clock || !date) return;
    // Without the server's time no time is shown: the machine's own may be wrong by years.
    tools.say(clock, now ? tools.secondOf(now) : "--:--:--");
    tools.say(date, now ? tools.dayOf(now) : "");
  }

  function showFeed() {
    const band = document.getElementById("feed-band");
    if (!band) return;
    tools.say(band, root.dataset.reloading ? t("page.release") : lostText());
  }

  let lostSince = null;

  function lostText() {
    if (root.dataset.feed !== "lost") {
      lostSince = onescreen.lostSince = null;
      return "";
    }
    lostSince ??= onescreen.lostSince ?? Date.now();
    if (!root.dataset.frameAt) return Date.now() - lostSince > 5000 ? t("feed.never") : t("page.loading");
    const age = tools.duration((Date.now() - lostSince) / 1000);
    return t("feed.lost", { age, at: tools.secondOf(Number(root.dataset.frameAt)) });
  }

  /** Once a second: clock, band, and everything marked by `tools.since`. */
  onescreen.tickTimes = () => {
    showClock();
    showFeed();
    document.querySelectorAll("[data-since]").forEach(showSince);
  };
})();
