// Panels: keeps what the feed said of each, and lets `assets/panels/<key>.js` draw it into a body Dash never touches.
(() => {
  "use strict";
  const onescreen = (window.onescreen = window.onescreen ?? {});
  const held = new Map(); // key → {state, as_of, coverage, reason, values}
  const frames = new Map(); // key → {section, body} once Dash has built the page
  const broken = new Set(); // panels whose drawing failed, reported once
  const drawings = (onescreen.panels = onescreen.panels ?? {});

  /** Frames carry only what changed: absent keys keep their value, null means unknown. */
  function merged(before, update) {
    const values = update.values ? { ...before?.values, ...update.values } : before?.values;
    return { ...before, ...update, values };
  }

  /** Takes in a wire panel and draws it, at once where it can be seen. */
  onescreen.applyPanel = (key, update) => {
    held.set(key, merged(held.get(key), update));
    draw(key);
  };

  /** Only ages moved: `{key: epoch ms}`. */
  onescreen.applyAges = (ages) => {
    for (const [key, as_of] of Object.entries(ages)) {
      held.set(key, { ...held.get(key), as_of });
      showState(key);
    }
  };

  /** A panel's script announces its drawing; values that came earlier are drawn now. */
  onescreen.definePanel = (key, drawing) => {
    drawings[key] = drawing;
    draw(key);
  };

  onescreen.heldPanel = (key) => held.get(key);

  function draw(key) {
    const frame = frames.get(key);
    if (!frame) return;
    showState(key);
    const { values } = held.get(key) ?? {};
    const drawing = drawings[key];
    if (!values || !drawing || !frame.body || !isSeen(frame)) return;
    try {
      drawing(frame.body, values, onescreen.tools, frame.section);
      broken.delete(key);
    } catch (error) {
      if (!broken.has(key)) console.error(`panel ${key} failed to draw`, error);
      broken.add(key);
      showState(key);
    }
  }

  const isSeen = ({ section }) => section.getClientRects().length > 0;

  function showState(key) {
    const frame = frames.get(key);
    if (!frame) return;
    const panel = held.get(key) ?? { state: "no-data" };
    onescreen.showState(frame.section, broken.has(key) ? { ...panel, state: "error", reason: ["state.failed"] } : panel);
  }

  const drawAll = () => frames.forEach((_, key) => draw(key));

  /** Ages move although nothing arrives; a body that React built anew is taken over again. */
  function tick() {
    if ([...frames.values()].some(({ section }) => !section.isConnected)) mount();
    for (const key of frames.keys()) showState(key);
    onescreen.tickTimes();
  }

  function mount() {
    const sections = document.querySelectorAll("[data-panel]");
    if (!sections.length) return false;
    onescreen.translate(document);
    for (const section of sections) {
      frames.set(section.dataset.panel, { section, body: section.querySelector(".panel-body") });
    }
    new ResizeObserver(onescreen.calmly(drawAll, 80)).observe(document.getElementById("page-main"));
    onescreen.tickTimes();
    drawAll();
    return true;
  }

  onescreen.drawAllPanels = drawAll;

  const whenBuilt = new MutationObserver(() => {
    if (mount()) whenBuilt.disconnect();
  });
  document.addEventListener("DOMContentLoaded", () => {
    if (!mount()) whenBuilt.observe(document.body, { childList: true, subtree: true });
    setInterval(tick, 1000);
  });
})();
