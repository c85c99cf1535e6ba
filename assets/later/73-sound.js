// Sound of a wall: a tone of its own per priority for new alarms, and a visible state when the browser blocks it.
(() => {
  "use strict";
  const onescreen = window.onescreen;
  const { tools, t } = onescreen;
  const KEY = "onescreen-muted";
  const LOUDEST = 0.25;
  // Notes of a tone: [Hz, from s, for s]. The more urgent the higher and the more often (IEC 60601-1-8 in spirit).
  const TONES = {
    1: [[880, 0, 0.16], [988, 0.22, 0.16], [880, 0.44, 0.16], [988, 0.9, 0.16], [880, 1.12, 0.16]],
    2: [[660, 0, 0.2], [660, 0.32, 0.2]],
    3: [[440, 0, 0.3]],
  };
  onescreen.tones = TONES;

  const isMuted = () => {
    try {
      return localStorage.getItem(KEY) === "1";
    } catch {
      return false;
    }
  };

  function setMuted(flag) {
    try {
      localStorage.setItem(KEY, flag ? "1" : "0");
    } catch {
      // without storage the choice lasts as long as the page
    }
  }

  function note(context, [hertz, from, length]) {
    const oscillator = context.createOscillator();
    const volume = context.createGain();
    const at = context.currentTime + from;
    oscillator.frequency.value = hertz;
    volume.gain.setValueAtTime(0, at);
    volume.gain.linearRampToValueAtTime(LOUDEST, at + 0.02);
    volume.gain.linearRampToValueAtTime(0, at + length);
    oscillator.connect(volume).connect(context.destination);
    oscillator.onended = () => volume.disconnect(); // nothing may pile up on a wall that runs for months
    oscillator.start(at);
    oscillator.stop(at + length);
  }

  function start() {
    const context = new AudioContext(); // the only one of the page
    const button = tools.h("button", { class: "sound-state", type: "button", title: t("sound.hint") });
    const known = new Set();
    let isFirst = true;
    document.body.append(button);

    const state = () => (context.state !== "running" ? "blocked" : isMuted() ? "muted" : "on");

    function show() {
      tools.set(button, { "data-state": state() });
      tools.say(button, t(`sound.${state()}`));
    }

    function play(priority) {
      if (state() !== "on") return;
      (TONES[priority] ?? []).forEach((each) => note(context, each));
    }

    /** Only alarms that were not there before sound, the worst of them once. */
    function onAlarms() {
      const rows = onescreen.heldPanel("alarms")?.values?.rows ?? [];
      const fresh = rows.filter(({ id, acknowledged_at: at }) => !known.has(id) && !at);
      known.clear();
      rows.forEach(({ id }) => known.add(id));
      if (!isFirst && fresh.length) play(Math.min(...fresh.map(({ priority }) => priority)));
      isFirst = false;
    }

    button.addEventListener("click", async (event) => {
      event.stopPropagation();
      if (context.state !== "running") await context.resume();
      else setMuted(!isMuted());
      show();
      play(3);
    });
    context.addEventListener("statechange", show);
    onescreen.on("panel", ({ key }) => key === "alarms" && onAlarms());
    onescreen.on("takeover", ({ kind, rank }) => kind === "warning" && play(rank));
    show();
  }

  if (onescreen.isWall && onescreen.ofScreen("sound") === "on" && window.AudioContext) start();
})();
