// Rotation of a wall: which scene stands when is a pure function of the server's time, so browsers that show the same
// scenes stay in step without knowing of each other. A touch holds it, idleness lets it go on.
(() => {
  "use strict";
  const onescreen = window.onescreen;
  const { tools, t } = onescreen;
  const root = document.documentElement;
  const DWELL_S = 30;
  const LEAST_DWELL_S = 5;
  const IDLE_S = 60;
  const AHEAD_MS = 6000; // how long before its turn the next scene is fetched
  const TICK_MS = 250;
  const TOUCHES = ["pointerdown", "keydown", "wheel", "touchstart"];

  /** `scenes=a,b&dwell=30,20` as [{scene, dwell_ms}]; unknown scenes are left out, a missing dwell is the last given. */
  onescreen.rotationPlan = (scenes, dwell, has) => {
    const dwells = (dwell ?? "").split(",").map(Number).filter((s) => s > 0);
    const named = (scenes ?? "").split(",").map((name) => name.trim());
    return named
      .map((scene, index) => ({ scene, dwell_ms: 1000 * Math.max(LEAST_DWELL_S, dwells[index] ?? dwells.at(-1) ?? DWELL_S) }))
      .filter(({ scene }) => has(scene));
  };

  /** Where a plan stands at a time in ms: {index, scene, next, share of its dwell gone, left_ms}. */
  onescreen.rotationPhase = (plan, atMs) => {
    const whole = plan.reduce((sum, { dwell_ms }) => sum + dwell_ms, 0);
    let rest = ((atMs % whole) + whole) % whole;
    let index = 0;
    while (rest >= plan[index].dwell_ms) rest -= plan[index++].dwell_ms;
    const { scene, dwell_ms } = plan[index];
    return { index, scene, next: plan[(index + 1) % plan.length].scene, share: rest / dwell_ms, left_ms: dwell_ms - rest };
  };

  /** The server's time in real milliseconds: the city's may run faster. The same for all browsers of a server. */
  const serverMs = () => (onescreen.now() ?? Date.now()) / (onescreen.settings.speed || 1);

  function start(plan) {
    const idle_ms = 1000 * (Number(onescreen.ofScreen("idle")) || IDLE_S);
    const bar = tools.h("div", { class: "rotation", "aria-hidden": "true" }, tools.h("i"));
    const state = tools.h("button", { class: "rotation-held", type: "button", hidden: true });
    document.body.append(bar, state);
    let heldUntil = 0; // real time until which the reader has the wall
    let turn = -1;

    const isHeld = () => onescreen.realTime() < heldUntil || Boolean(onescreen.openAddress()) || isAway();
    /** A scene with an address of its own was opened: the reader is elsewhere until idle. */
    const isAway = () => !/^\/wall\/?$/.test(location.pathname);

    function hold(event) {
      if (event.target === state || onescreen.takeover?.isActive()) return;
      heldUntil = onescreen.realTime() + idle_ms;
      tick();
    }

    /** Idle for long enough: whatever the reader opened is closed, and the wall is a wall again. */
    function goOn() {
      heldUntil = 0;
      if (onescreen.openAddress() || isAway()) onescreen.goTo(`/wall${homeQuery()}`, { replace: true });
      tick();
    }

    function homeQuery() {
      const params = new URLSearchParams(location.search);
      for (const key of Object.keys(onescreen.choice.get())) params.delete(key);
      params.delete("scene");
      return params.size ? `?${params}` : "";
    }

    function tick() {
      if (onescreen.takeover?.isActive()) return void (bar.hidden = state.hidden = true);
      if ((onescreen.openAddress() || isAway()) && onescreen.realTime() >= heldUntil && heldUntil) return goOn();
      if (isHeld() && !heldUntil) heldUntil = onescreen.realTime() + idle_ms; // opened by a link of another page
      const held = isHeld();
      const phase = onescreen.rotationPhase(plan, serverMs());
      root.toggleAttribute("data-held", held);
      show(held, phase);
      if (held) return;
      if (phase.index !== turn || onescreen.scenes.current() !== phase.scene) {
        turn = phase.index;
        onescreen.turnTo(phase.scene);
      }
      if (phase.left_ms < AHEAD_MS && plan.length > 1) onescreen.scenes.prefetch(phase.next);
    }

    function show(held, phase) {
      bar.hidden = held || plan.length < 2;
      bar.firstChild.style.transform = `scaleX(${phase.share.toFixed(3)})`;
      state.hidden = !held;
      const left = Math.max(0, Math.ceil((heldUntil - onescreen.realTime()) / 1000));
      if (held) tools.say(state, t("rotation.held", { s: left }));
    }

    state.addEventListener("click", goOn);
    TOUCHES.forEach((name) => document.addEventListener(name, hold, { passive: true }));
    setInterval(tick, TICK_MS);
    tick();
  }

  if (!onescreen.isWall) return;
  const plan = onescreen.rotationPlan(onescreen.ofScreen("scenes"), onescreen.ofScreen("dwell"), onescreen.scenes.has);
  if (plan.length) start(plan);
})();
