// Cameras that are online while their picture stands still or shows nothing.
(() => {
  "use strict";
  const onescreen = window.onescreen;
  const { h, say, set, once, rows, fitting, since, count, isUnknown, t, UNKNOWN } = onescreen.tools;
  const ROW_REM = 2.75;

  function make({ finding }) {
    const facts = h("span", { class: "dead-facts" }, h("b"), h("span"));
    return h("a", { class: "dead" }, h("span", { class: "dead-sign" }, onescreen.videoSign(finding)), facts, h("span", { class: "dead-since" }));
  }

  function fill(row, camera) {
    const [, facts, lasting] = row.children;
    const address = `/camera/${encodeURIComponent(camera.id)}`;
    set(row, { href: address, "data-open": address, "data-finding": camera.finding, title: camera.name });
    say(facts.firstChild, camera.name || camera.id);
    say(facts.lastChild, onescreen.videoPlace(camera));
    since(lasting, "age", camera.since, `video.${camera.finding}`);
  }

  function build(body) {
    const list = h("div", { class: "dead-list" });
    const none = h("p", { class: "none" });
    const more = h("button", { class: "more video-more", type: "button" });
    more.addEventListener("click", () => onescreen.videoChoose({ state: "faulty" }, true));
    body.append(list, none, more);
    return { list, none, more };
  }

  onescreen.definePanel("video-dead", (body, values, _, section) => {
    const { list, none, more } = once(body, build);
    const all = values.rows ?? [];
    const total = Object.values(values.counts ?? {}).reduce((sum, each) => sum + each, 0);
    const shown = all.slice(0, fitting(list, ROW_REM, total));
    rows(list, shown, ({ id, finding }) => `${id}/${finding}`, make, fill);
    say(none, t(values.judged ? "video.dead.none" : "video.dead.unjudged"));
    set(none, { hidden: total > 0 || isUnknown(values.judged) });
    say(more, total > shown.length ? t("video.rates.more", { n: count(total - shown.length) }) : "");
    const { judged, online } = values;
    const told = isUnknown(judged) ? UNKNOWN : t("video.dead.judged", { judged: count(judged), online: count(online) });
    const note = section.querySelector(".panel-note");
    set(note, { "data-explain": "video_finding" });
    say(note, told);
  });
})();
