// Reads what the server put into the page and settles language, theme and screen before anything is drawn.
(() => {
  "use strict";
  const root = document.documentElement;
  const page = JSON.parse(document.getElementById("onescreen-page").textContent);
  const params = new URLSearchParams(location.search);
  const isWall = /^\/wall(\/|$)/.test(location.pathname);
  const name = params.get("screen") ?? "";
  const saved = (isWall && Object.hasOwn(page.settings.screens ?? {}, name) && page.settings.screens[name]) || {};

  // The server answers later questions in the address's language: a saved screen's has to stand there too.
  if (saved.lang && !params.has("lang")) {
    params.set("lang", saved.lang);
    history.replaceState(history.state, "", `${location.pathname}?${params}`);
  }
  const asked = params.get("lang");
  const language = Object.hasOwn(page.texts, asked ?? "") ? asked : page.settings.language;

  /** What the address says of this screen (`scenes`, `dwell`, `night`, …), else its saved one; null when neither does. */
  const ofScreen = (key) => params.get(key) ?? saved[key] ?? null;
  const text = page.texts[language];

  /** The text of `key` with its `{names}` filled in; the key itself when unknown, so that a defect is seen. */
  function t(key, values) {
    const pattern = text[key] ?? key;
    return values ? pattern.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole)) : pattern;
  }

  const theme = ofScreen("theme");
  if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  if (isWall) root.dataset.wall = "";
  root.lang = language === "zh" ? "zh-CN" : "en";
  document.title = page.settings.titles[language];
  window.onescreen = Object.assign(window.onescreen ?? {}, { settings: page.settings, text, language, t, ofScreen, isWall });
})();
