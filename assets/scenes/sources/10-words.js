// Words of the catalogue: error codes, shares.
(() => {
  "use strict";
  const onescreen = window.onescreen;
  const { h, set, say, isUnknown, percent, t, UNKNOWN } = onescreen.tools;
  const sources = (onescreen.sources = onescreen.sources ?? {});

  /** The words of an error code with its argument; a code nobody knows is shown as it is. */
  sources.errorText = (error) => {
    if (!error) return "";
    const [code, ...rest] = error.split(":");
    const key = `error.${code}`;
    return onescreen.text[key] ? t(key, { argument: rest.join(":") || UNKNOWN }) : error;
  };

  /** 0.9968 → 99.6%, rounded down: only what is whole is shown as whole. */
  sources.share = (value) => (isUnknown(value) ? UNKNOWN : value === 1 ? "100%" : `${percent(value)}%`);

  /** 0.0004 → <0.1%: what is lost is never rounded to nothing. */
  sources.loss = (value) => {
    if (isUnknown(value)) return UNKNOWN;
    if (value === 0) return "0";
    return value < 0.001 ? "<0.1%" : `${percent(value)}%`;
  };

  sources.total = (values) => (values.every(isUnknown) ? null : values.reduce((sum, value) => sum + (value ?? 0), 0));
  sources.cell = (column, name = "div") => h(name, { role: "cell", "data-column": column });
  sources.mark = (element, text, isBad) => set(say(element, text), { "data-bad": isBad, "data-unknown": text === UNKNOWN });
})();
