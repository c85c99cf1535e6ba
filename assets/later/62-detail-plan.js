// Plans on detail pages: surroundings with rings, tracks, warned ground, areas to go down into.
(() => {
  "use strict";
  const onescreen = (window.onescreen = window.onescreen ?? {});
  const SUBJECT_REM = 0.75;

  function frameOf({ center, radius_m: radius, bounds, codes }) {
    if (center) return { center, radius_m: radius };
    if (bounds) return { bounds };
    return codes ? { codes } : null;
  }

  function optionsOf(given, element) {
    const { marks = [], subject, picks, values, lines = [], outlines = [], rings = [], level = null, within = "" } = given;
    const own = subject ? [{ ...subject, key: "subject", size_rem: subject.kind === "alarm" ? 1 : SUBJECT_REM, title: element.getAttribute("aria-label") }] : [];
    return {
      frame: frameOf(given), level, within, rings, lines, outlines,
      values: values ?? null,
      scale: given.scale ?? {},
      labels: given.labels ?? (values ? "both" : "none"),
      selected: given.selected ?? null,
      marks: [...marks, ...own],
      legend: Boolean(values),
      onPick: picks || marks.length ? (what) => pick(what, picks) : null,
    };
  }

  /** An area by its code, a mark by its kind and id. */
  function pick(what, picks) {
    if (typeof what === "string") return picks?.[what] && onescreen.open(`/area/${encodeURIComponent(picks[what])}`);
    if (what?.kind && what.id && what.key !== "subject") onescreen.open(`/${what.kind}/${encodeURIComponent(what.id)}`);
    return undefined;
  }

  onescreen.definePart("plan", (element, given) => {
    const plan = onescreen.plan(element, optionsOf(given, element));
    const whenDrawn = new MutationObserver(() => {
      if (!element.querySelector(".plan-land path")) return;
      whenDrawn.disconnect();
      onescreen.partDone(element);
    });
    whenDrawn.observe(element, { childList: true, subtree: true });
    return {
      update: (changed) => plan.update(optionsOf(changed, element)),
      remove() {
        whenDrawn.disconnect();
        plan.remove();
      },
    };
  });
})();
