// Parts of a source's page: what came in each hour, and the three things one may ask of it; and reading all settings again.
(() => {
  "use strict";
  const onescreen = window.onescreen;
  const { h, say, set, t, hourBars, showHourBars } = onescreen.tools;
  const BY_STATUS = { 403: "sources.may_not", 429: "sources.wait" };

  onescreen.definePart("hours", (element, given) => {
    const chart = element.firstChild ?? element.appendChild(hourBars());
    const show = ({ values }) => showHourBars(chart, values, element.getAttribute("aria-label"));
    show(given);
    return { update: show };
  });

  async function mayAct(source) {
    const answer = await fetch(`/api/v1/sources/${encodeURIComponent(source)}/history`, { cache: "no-store" });
    return answer.ok && (await answer.json()).may_act;
  }

  const READ_WITHIN_MS = 2500; // the supervisor looks several times a second, and reading takes a tenth of one

  /** Have the settings read again; tells in plain words what came of it: [text key, is bad, values]. */
  async function readSettings() {
    const asked = await fetch("/api/v1/settings/reload", { method: "POST" });
    if (!asked.ok) return [BY_STATUS[asked.status] ?? "sources.refused", true, { why: `HTTP ${asked.status}` }];
    const { at } = await asked.json();
    await new Promise((resolve) => setTimeout(resolve, READ_WITHIN_MS));
    const told = await (await fetch("/api/v1/settings", { cache: "no-store" })).json();
    if (!told.at || told.at < at) return ["sources.asked", false];
    return told.ok ? ["sources.settings_read", false] : ["sources.settings_wrong", true, { why: told.problems[0] }];
  }

  onescreen.definePart("acting", (element, given) => {
    let { state } = given;
    const { source } = given;
    const pause = h("button", { type: "button" });
    const refresh = h("button", { type: "button" }, t("sources.refresh"));
    const reload = h("button", { type: "button" }, t("sources.reload"));
    const told = h("p", { role: "status" });
    element.replaceChildren(h("div", { class: "source-acting" }, pause, refresh, reload, told));
    let isAllowed = false;

    function show() {
      say(pause, t(state === "paused" ? "sources.resume" : "sources.pause"));
      set(pause, { "aria-disabled": String(!isAllowed) });
      set(refresh, { "aria-disabled": String(!isAllowed || state === "paused") });
      set(reload, { "aria-disabled": String(!isAllowed) });
    }

    function tell(key, isBad, values) {
      say(told, key ? t(key, values) : "");
      set(told, { "data-bad": isBad });
    }

    async function act(action) {
      if (!isAllowed) return tell("sources.may_not", true);
      if (action === "refresh" && state === "paused") return tell("sources.is_paused", true);
      try {
        const answer = await fetch(`/api/v1/sources/${encodeURIComponent(source)}/${action}`, { method: "POST" });
        if (answer.ok) return tell("sources.asked", false);
        return tell(BY_STATUS[answer.status] ?? "sources.refused", true, { why: `HTTP ${answer.status}` });
      } catch (error) {
        return tell("sources.refused", true, { why: error.message });
      }
    }

    reload.addEventListener("click", () => {
      if (!isAllowed) return tell("sources.may_not", true);
      tell("sources.asked", false);
      return readSettings()
        .catch((error) => ["sources.refused", true, { why: error.message }])
        .then((outcome) => tell(...outcome));
    });
    pause.addEventListener("click", () => act(state === "paused" ? "resume" : "pause"));
    refresh.addEventListener("click", () => act("refresh"));
    show();
    mayAct(source)
      .catch(() => false)
      .then((may) => {
        isAllowed = may;
        tell(may ? "" : "sources.may_not", false);
        show();
      });
    return {
      update(changed) {
        if (changed.state !== state) tell("");
        ({ state } = changed);
        show();
      },
    };
  });
})();
