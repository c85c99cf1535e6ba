// Reads what the server put into the page and settles language and chrome before anything is drawn.
(() => {
  "use strict";
  const root = document.documentElement;
  const page = JSON.parse(document.getElementById("onescreen-page").textContent);
  const asked = new URLSearchParams(location.search).get("lang");
  const language = Object.hasOwn(page.texts, asked ?? "") ? asked : page.settings.language;
  const text = page.texts[language];

  /** The text of `key` with its `{names}` filled in; the key itself when unknown, so that a defect is seen. */
  function t(key, values) {
    const pattern = text[key] ?? key;
    return values ? pattern.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole)) : pattern;
  }

  root.lang = language === "zh" ? "zh-CN" : "en";
  document.title = page.settings.titles[language];
  window.onescreen = Object.assign(window.onescreen ?? {}, { settings: page.settings, text, language, t });
})();
