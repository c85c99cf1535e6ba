// What is said of a live picture, where it is shown: one wording for tiles and for a camera's own page.
(() => {
  "use strict";
  const onescreen = window.onescreen;
  const { age, t } = onescreen.tools;
  const SILENT = new Set(["503", "504", "still", "ended", "timeout"]);

  /** Words for a state of `createLive`; "" where there is nothing to say. */
  onescreen.liveWords = ({ phase, since, reason }) => {
    if (phase === "none") return "";
    if (phase === "lost") return t("live.lost", { age: age((onescreen.realTime() - since) / 1000) });
    return t(phase === "failed" && SILENT.has(reason) ? "live.silent" : `live.${phase}`);
  };

  onescreen.liveHint = ({ phase, transport }) => {
    if (phase === "failed") return t("live.failed");
    if (phase === "playing") return t("live.playing.title", { transport: transport.toUpperCase() });
    return phase === "full" ? t("live.full.title", { n: onescreen.settings?.live?.per_page ?? 4 }) : "";
  };
})();
