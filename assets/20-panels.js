// Panels: keeps what the feed said of each, and lets `assets/panels/<key>.js` draw it into a body Dash never touches.
(() => {
  "use strict";
  const onescreen = (window.onescreen = window.onescreen ?? {});
  const held = new Map(); // key → {state, as_of, coverage, reason, values}, as the feed told it
  const chosen = new Map(); // key → the same by the reader's choice, null until it has been answered
  const frames = new Map(); // key → {section, body} once Dash has built the page
  const broken = new Set(); // panels whose drawing failed, reported once
  const drawn = new Set(); // panels whose picture is of values the feed tells now
  const drawings = (onescreen.panels = onescreen.panels ?? {});

  const shownOf = (key) => (chosen.has(key) ? chosen.get(key) : held.get(key));

  /** Frames carry only what changed: absent keys keep their value, null means unknown. */
  function merged(before, update) {
    const values = update.values ? { ...before?.values, ...update.values } : before?.values;
    return { ...before, ...update, values };
  }

  /** Takes in a wire panel and draws it, at once where it can be seen. */
  onescreen.applyPanel = (key, update) => {
    held.set(key, merged(held.get(key), update));
    if (!chosen.has(key)) draw(key);
  };

  /** Nobody tells these panels any more: their values are let go, and they wait for new ones. */
  onescreen.forgetPanels = (keys) => {
    for (const key of keys) {
      held.delete(key);
      drawn.delete(key);
      const frame = frames.get(key);
      if (frame) await_(frame.section);
    }
  };

  /** A panel by the reader's choice; null gives it back to the feed. */
  onescreen.chosePanel = (key, panel, text) => {
    if (panel) chosen.set(key, panel);
    else chosen.delete(key);
    sayChoice(key, text);
    draw(key);
  };

  /** A choice was made and is being asked for: what is shown is of another one. */
  onescreen.awaitChoice = (key, text) => {
    chosen.set(key, null);
    sayChoice(key, text);
    const frame = frames.get(key);
    if (frame) await_(frame.section);
  };

  const choices = new Map(); // key → text in its heading

  function sayChoice(key, text) {
    if (text) choices.set(key, text);
    else choices.delete(key);
    showChoice(key);
  }

  function showChoice(key) {
    const frame = frames.get(key);
    const place = frame?.section.querySelector(".panel-choice");
    if (!place) return;
    onescreen.tools.say(place, choices.get(key) ?? "");
    onescreen.tools.set(place, { title: choices.get(key) });
  }

  const await_ = (section) => section.setAttribute("data-waiting", "");

  /** Whether a panel shows values of now, or has nothing to show because it is not seen. */
  onescreen.isPanelDrawn = (key) => drawn.has(key) || (frames.has(key) && shownOf(key)?.values !== undefined && !isSeen(frames.get(key)));

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

  /** What a panel shows: by the reader's choice, else as the feed told it. */
  onescreen.heldPanel = (key) => shownOf(key) ?? held.get(key);

  function draw(key) {
    const frame = frames.get(key);
    if (!frame) return;
    showState(key);
    const { values } = shownOf(key) ?? {};
    const drawing = drawings[key];
    if (!values || !isSeen(frame)) return;
    if (frame.body && !drawing) return;
    try {
      if (frame.body) drawing(frame.body, values, onescreen.tools, frame.section);
      broken.delete(key);
      frame.section.removeAttribute("data-waiting");
      if (drawn.has(key)) return;
      drawn.add(key);
      onescreen.emit("drawn", key);
    } catch (error) {
      if (!broken.has(key)) console.error(`panel ${key} failed to draw`, error);
      broken.add(key);
      showState(key);
    }
  }

  let seen = null; // section → whether it is on the screen, for as long as one round of drawing lasts

  /** Asked of all panels at once: asking between two drawings would cost a layout of the whole page each time. */
  function isSeen({ section }) {
    if (!seen) {
      seen = new Map([...frames.values()].map((frame) => [frame.section, frame.section.getClientRects().length > 0]));
      queueMicrotask(() => (seen = null));
    }
    return seen.get(section) ?? section.getClientRects().length > 0;
  }

  function showState(key) {
    const frame = frames.get(key);
    if (!frame) return;
    const panel = shownOf(key) ?? { state: "no-data" };
    onescreen.showState(frame.section, broken.has(key) ? { ...panel, state: "error", reason: ["state.failed"] } : panel);
  }

  const drawAll = () => frames.forEach((_, key) => draw(key));

  /** Ages move although nothing arrives; a body that React built anew is taken over again. */
  function tick() {
    if ([...frames.values()].some(({ section }) => !section.isConnected)) mount();
    for (const key of frames.keys()) showState(key);
    onescreen.tickTimes();
  }

  let resized = null;

  function mount() {
    const sections = document.querySelectorAll("[data-panel]");
    if (!sections.length) return false;
    onescreen.translate(document);
    for (const section of sections) {
      const key = section.dataset.panel;
      if (frames.get(key)?.section !== section && !held.has(key)) await_(section);
      frames.set(key, { section, body: section.querySelector(".panel-body") });
      showChoice(key);
    }
    resized?.disconnect(); // Dash may have built the page anew
    resized ??= new ResizeObserver(onescreen.calmly(drawAll, 80));
    resized.observe(document.getElementById("page-main"));
    onescreen.tickTimes();
    onescreen.emit("mounted");
    drawAll();
    return true;
  }

  /** Takes hold of frames that have come since the page was built. */
  onescreen.mountPanels = mount;

  onescreen.drawAllPanels = drawAll;

  const whenBuilt = new MutationObserver(() => {
    if (mount()) whenBuilt.disconnect();
  });
  document.addEventListener("DOMContentLoaded", () => {
    if (!mount()) whenBuilt.observe(document.body, { childList: true, subtree: true });
    setInterval(tick, 1000);
  });
})();
