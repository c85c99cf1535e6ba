// The reader's choice: filters in the query string. While there is one, the panels of the scene that can choose show
// what /api/panels answers for it, and say so in their heading; without one they show what the feed tells.
(() => {
  "use strict";
  const onescreen = (window.onescreen = window.onescreen ?? {});
  const LEAST_MS = 2000;
  const RETRY_MS = 4000;
  const listeners = new Set();
  const sayings = new Map(); // `<scene>.<key>`, or `.<key>` for all scenes → (value) => text
  const askedAt = new Map(); // panel → real time of its last question
  const timers = new Map(); // panel → timer of its next one
  const choosing = new Set(onescreen.settings.choosing ?? []);
  let told = null; // the choice everybody was last told, as text
  let inForce = new Set(); // panels that show a choice now

  let forced = null; // a choice that holds whatever the address says

  const get = () => {
    if (forced) return forced;
    const params = new URLSearchParams(location.search);
    return Object.fromEntries([...params].filter(([key]) => !onescreen.isReserved(key)));
  };

  /** Changes some keys of the choice (null takes one away) as one step of the browser's history. */
  function set(changes, options) {
    const choice = { ...get(), ...changes };
    const params = new URLSearchParams(location.search);
    for (const [key, value] of Object.entries(choice)) {
      if (value === null || value === undefined || value === "") params.delete(key);
      else params.set(key, value);
    }
    const address = location.pathname + (params.size ? `?${params}` : "");
    onescreen.goTo(address, options);
  }

  const sayingOf = (key) => sayings.get(`${onescreen.scenes.current()}.${key}`) ?? sayings.get(`.${key}`);

  /** The choice in words; a forced one is what the whole page is about and needs no words in every heading. */
  const text = (choice) =>
    forced ? "" : Object.entries(choice)
      .map(([key, value]) => sayingOf(key)?.(value) ?? onescreen.text[`choice.${key}.${value}`] ?? value)
      .join(" · ");

  async function ask(key) {
    clearTimeout(timers.get(key));
    timers.delete(key);
    askedAt.set(key, onescreen.realTime());
    const asked = told;
    const panel = await answer(key, asked);
    if (asked !== told || !inForce.has(key)) return; // the reader has chosen anew meanwhile
    if (panel) onescreen.chosePanel(key, panel, text(get()));
    else timers.set(key, setTimeout(() => ask(key), RETRY_MS));
  }

  async function answer(key, query) {
    try {
      const response = await fetch(`/api/panels/${encodeURIComponent(key)}?${query}`);
      if (response.status === 422) return refused(await response.json());
      return response.ok ? (await response.json()).panel : null;
    } catch {
      return null; // the line is lost: the feed says so, and the question is asked again
    }
  }

  const refused = ({ key, value }) => ({ state: "error", reason: ["choice.unknown", { key, value }], values: null });

  function soon(key) {
    if (timers.has(key)) return;
    const wait = (askedAt.get(key) ?? -Infinity) + LEAST_MS - onescreen.realTime();
    if (wait <= 0) ask(key);
    else timers.set(key, setTimeout(() => ask(key), wait));
  }

  function settle() {
    const choice = get();
    const now = new URLSearchParams(choice).toString();
    const scene = onescreen.scenes.current();
    const wanted = new Set(now ? onescreen.scenes.panels(scene).filter((key) => choosing.has(key)) : []);
    const isNew = now !== told;
    told = now;
    for (const key of inForce) if (!wanted.has(key)) release(key);
    const fresh = [...wanted].filter((key) => isNew || !inForce.has(key));
    inForce = wanted;
    fresh.forEach((key) => {
      onescreen.awaitChoice(key, text(choice));
      ask(key);
    });
    if (isNew) listeners.forEach((listener) => listener(choice));
  }

  function release(key) {
    clearTimeout(timers.get(key));
    timers.delete(key);
    onescreen.chosePanel(key, null, "");
  }

  onescreen.choice = {
    get,
    set,
    text,
    /** Holds a choice whatever the address says, for a wall that is taken over; null gives it back. */
    force(choice) {
      forced = choice;
      settle();
    },
    /** Tells `listener(choice)` of every change; returns the function that ends it. */
    on(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    /** How the values of a key are called: `name(value)` → text, in one scene where others call theirs otherwise. */
    call: (key, name, scene = "") => sayings.set(`${scene}.${key}`, name),
  };

  onescreen.on("panel", ({ key }) => inForce.has(key) && soon(key));
  onescreen.on("address", settle);
  settle();
})();
