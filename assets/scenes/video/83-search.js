// Finding cameras by name, code, place or road; without words, the cameras that the wall goes through.
(() => {
  "use strict";
  const onescreen = window.onescreen;
  const { h, say, sayParts, set, once, rows, fitting, since, count, isUnknown, t } = onescreen.tools;
  const ROW_REM = 2.75;
  const TYPED_MS = 350;

  function make() {
    return h("a", { class: "found" }, h("span", { class: "found-state", "aria-hidden": "true" }),
      h("span", { class: "dead-facts" }, h("b"), h("span")), h("span", { class: "dead-since" }));
  }

  function fill(row, camera) {
    const [state, facts, detail] = row.children;
    const address = `/camera/${encodeURIComponent(camera.id)}`;
    const word = t(`video.state.${camera.finding ? "faulty" : camera.state}`);
    set(row, { href: address, "data-open": address, "data-device": camera.state, "data-finding": camera.finding, title: `${camera.name} · ${camera.id}` });
    set(row, { "aria-label": t("video.tile", { name: camera.name || camera.id, state: word }) });
    say(state, "");
    say(facts.firstChild, camera.name || camera.id);
    sayParts(facts.lastChild, [onescreen.videoPlace(camera), camera.id]);
    tell(detail, camera, word);
  }

  function tell(detail, { state, finding, seen_at: seen, since: from, distance_m: distance }, word) {
    if (finding) return since(detail, "age", from, `video.${finding}`);
    if (state === "offline" && !isUnknown(seen)) return since(detail, "age", seen, "video.offline");
    set(detail, { "data-since": null });
    return say(detail, state === "online" ? onescreen.videoDistance(distance) : word);
  }

  function build(body) {
    const input = h("input", { class: "video-query", type: "search", autocomplete: "off", spellcheck: "false", maxlength: 100,
      placeholder: t("video.search.label"), "aria-label": t("video.search.label") });
    const list = h("div", { class: "found-list" });
    const none = h("p", { class: "none" });
    body.append(input, list, none);
    let timer = 0;
    const ask = (now) => {
      clearTimeout(timer);
      timer = setTimeout(() => onescreen.videoChoose({ q: input.value.trim() || null, near: null, warning: null }), now ? 0 : TYPED_MS);
    };
    input.addEventListener("input", () => ask(false));
    input.addEventListener("keydown", (event) => event.key === "Enter" && ask(true));
    // what the address says is what was asked for, but never under somebody's fingers
    onescreen.choice.on(({ q }) => document.activeElement !== input && (input.value = q ?? ""));
    input.value = onescreen.choice.get().q ?? "";
    return { input, list, none };
  }

  onescreen.definePanel("video-search", (body, values, _, section) => {
    const { list, none } = once(body, build);
    const all = values.rows ?? [];
    const shown = all.slice(0, fitting(list, ROW_REM));
    rows(list, shown, ({ id }) => id, make, fill);
    set(none, { hidden: values.total !== 0 });
    say(none, values.q ? t("video.search.none", { q: values.q }) : t("video.none"));
    const { total } = values;
    const told = total > shown.length ? t("video.search.first", { shown: count(shown.length), n: count(total) }) : t("video.search.found", { n: count(total) });
    say(section.querySelector(".panel-note"), isUnknown(total) ? "" : told);
  });
})();
