// A camera's own page plays it: over its refreshing picture, which stays what is shown while nothing plays.
(() => {
  "use strict";
  const onescreen = window.onescreen;
  const { h, say, set } = onescreen.tools;
  const RANK = 1; // somebody asked for this camera: it goes before tiles of a wall
  const BEAT_MS = 1000;

  onescreen.definePart("live", (element, { camera }) => {
    const words = h("span", { class: "live-words", role: "status" });
    let live = null;
    let isGone = false;
    element.append(words);
    if (!onescreen.settings?.live?.per_page) return set(element, { hidden: true }) && {};

    function tell() {
      const state = live?.state();
      set(element, { "data-live": state?.phase ?? null });
      say(words, state ? onescreen.liveWords(state) : "");
      set(words, { title: (state && onescreen.liveHint(state)) || null });
    }

    function show() {
      if (isGone || document.hidden === !live) return;
      live?.close();
      live = document.hidden ? null : onescreen.createLive(camera, element, tell, { rank: RANK });
      tell();
    }

    onescreen.loadBundle("live").then(show, () => null); // without it, the picture refreshes as ever
    const beating = setInterval(tell, BEAT_MS);
    document.addEventListener("visibilitychange", show);
    return {
      remove() {
        isGone = true;
        clearInterval(beating);
        document.removeEventListener("visibilitychange", show);
        live?.close();
      },
    };
  });
})();
