// Scenes: which one is shown, its frames, its scripts, its columns, and which scenes the feed follows.
// Switching is an attribute: nothing is built twice, and a panel that is not seen is not drawn.
(() => {
  "use strict";
  const onescreen = (window.onescreen = window.onescreen ?? {});
  const root = document.documentElement;
  const { t } = onescreen;
  const OVERVIEW = "overview";
  const table = new Map((onescreen.settings.scenes ?? [{ key: OVERVIEW, tabs: {}, own: [], main: "map" }]).map((scene) => [scene.key, scene]));
  const chosenTabs = new Map(); // scene → column
  const framed = new Map(); // scene → promise of its frames being on the page
  const received = new Map(); // scene → keys of its own panels that the feed has told since it is followed
  let current = OVERVIEW;
  let ahead = null; // the scene that is fetched before it is shown
  let openedAt = 0;

  const main = () => document.getElementById("page-main");
  const sectionOf = (key) => document.getElementById(`panel-${key}`);

  /** The scenes whose panels the feed is to tell beside the overview's. */
  const followed = () => [...new Set([current, ahead])].filter((key) => key && key !== OVERVIEW);

  function follow() {
    const wanted = new Set(followed());
    for (const key of received.keys()) {
      if (wanted.has(key)) continue;
      received.delete(key);
      onescreen.forgetPanels(table.get(key).own); // what was told before it was left must not pass for live
    }
    for (const key of wanted) if (!received.has(key)) received.set(key, new Set());
    onescreen.followScenes?.([...wanted]);
  }

  /** Puts a scene's frames into the page and loads its scripts, once. */
  function prepare(key) {
    if (key === OVERVIEW) return Promise.resolve();
    const bundle = onescreen.loadBundle(key).catch((error) => console.error(String(error)));
    return Promise.all([bundle, frames(key)]);
  }

  function frames(key) {
    if (!framed.has(key)) framed.set(key, askFrames(key));
    return framed.get(key);
  }

  const ASK_AGAIN_MS = 4000;
  const NOT_READY_MS = 60;

  /** Whether Dash took it: while it still notes where its parts are, it throws. */
  function setProps(id, props) {
    try {
      window.dash_clientside.set_props(id, props);
      return true;
    } catch {
      return false;
    }
  }

  /** Dash answers with the frames; until it is there, or when its answer is lost, they are asked for again. */
  function askFrames(key) {
    return new Promise((resolve) => {
      let asked = 0;
      const isThere = () => document.getElementById(`frames-${key}`)?.childElementCount || !table.get(key).own.length;
      const ask = () => setProps(`frames-${key}-wanted`, { data: ++asked }) || setTimeout(ask, NOT_READY_MS);
      const observer = new MutationObserver(() => {
        if (isThere()) done();
        else if (!asked && document.getElementById(`frames-${key}`)) ask();
      });
      const timer = setInterval(ask, ASK_AGAIN_MS);
      function done() {
        observer.disconnect();
        clearInterval(timer);
        onescreen.mountPanels();
        showTab();
        resolve();
      }
      observer.observe(document.body, { childList: true, subtree: true });
      if (isThere()) done();
      else if (document.getElementById(`frames-${key}`)) ask();
    });
  }

  /** Shows a scene: at once as a skeleton, live when every panel of it has been drawn from values of now. */
  function show(key) {
    if (!table.has(key)) return;
    const isSame = key === current && main()?.dataset.scene === key;
    current = key;
    root.dataset.scene = key;
    if (key === ahead) ahead = null;
    document.title = titleOf(key);
    if (isSame) return;
    openedAt = performance.now();
    delete root.dataset.sceneLive;
    follow();
    apply();
    onescreen.emit("scene", key);
    prepare(key).then(checkLive);
  }

  const titleOf = (key) => {
    const title = onescreen.settings.titles[onescreen.language];
    return key === OVERVIEW ? title : `${t(`scene.${key}`)} · ${title}`;
  };

  /** Brings the name of the scene into view, where the navigation is wider than the screen: on phones. */
  function showCurrent() {
    const link = document.querySelector(".scenes [aria-current]");
    if (!link) return;
    const nav = link.closest(".scenes");
    const [outer, inner] = [nav.getBoundingClientRect(), link.getBoundingClientRect()];
    nav.scrollLeft += inner.left - outer.left - (outer.width - inner.width) / 2; // not scrollIntoView: it moves the page, too
  }

  /** Writes the scene onto the page; again when Dash has built the page. */
  function apply() {
    if (!main()) return;
    main().dataset.scene = current;
    for (const link of document.querySelectorAll("[data-open-scene]")) {
      onescreen.tools.set(link, { "aria-current": link.dataset.openScene === current ? "page" : null });
    }
    showCurrent();
    showTab();
    onescreen.drawAllPanels();
    window.dispatchEvent(new Event("resize")); // map and charts measure themselves anew
    checkLive();
  }

  const AHEAD_MS = 15000; // a scene nobody opened after all is let go
  let aheadTimer = 0;

  /** Fetches a scene before it is wanted: frames, scripts and values. */
  function prefetch(key) {
    if (!table.has(key) || key === current) return;
    clearTimeout(aheadTimer);
    aheadTimer = setTimeout(() => {
      ahead = null;
      follow();
    }, AHEAD_MS);
    if (key === ahead) return;
    ahead = key;
    follow();
    prepare(key);
  }

  // Columns of a laptop or phone

  const tabsOf = (scene) => {
    const names = [...new Set(Object.values(scene.tabs))].filter((name) => name !== scene.main);
    return Object.values(scene.tabs).includes(scene.main) ? [...names, scene.main] : names;
  };

  /** Shows a column of the scene; without a name the one that was shown before. */
  function showTab(name) {
    if (!main()) return;
    const scene = table.get(current);
    const names = tabsOf(scene);
    if (names.includes(name)) chosenTabs.set(current, name);
    const tab = chosenTabs.get(current) ?? names[0] ?? "";
    main().dataset.tab = tab;
    markPanels(scene, tab);
    markTabs(scene, names, tab);
  }

  function markPanels(scene, tab) {
    const { set } = onescreen.tools;
    let rows = 1;
    for (const [key, column] of Object.entries(scene.tabs)) {
      const section = sectionOf(key);
      if (!section) continue;
      set(section, { "data-is-tab": column === tab, "data-is-main": column === scene.main });
      if (column === tab && column !== scene.main) rows += 1;
    }
    set(main(), { "data-no-main": !Object.values(scene.tabs).includes(scene.main) });
    main().style.setProperty("--rows", rows);
  }

  function markTabs(scene, names, tab) {
    for (const button of document.querySelectorAll(".column-tab")) {
      const place = names.indexOf(button.dataset.tab);
      onescreen.tools.set(button, {
        hidden: place < 0,
        "aria-selected": button.dataset.tab === tab ? "true" : "false",
        "data-is-main": button.dataset.tab === scene.main,
      });
      button.style.order = Math.max(0, place);
    }
  }

  // Being live

  /** A scene event has come: its panels are no longer those of an earlier visit. */
  function onTold(key, panels) {
    const told = received.get(key);
    if (!told) return;
    for (const panel of Object.keys(panels)) told.add(panel);
  }

  function checkLive() {
    if (root.dataset.sceneLive === current) return;
    const scene = table.get(current);
    const told = received.get(current);
    const isLive = main()?.dataset.scene === current && scene.own.every((key) => told?.has(key) && onescreen.isPanelDrawn(key));
    const isOverviewLive = current !== OVERVIEW || root.dataset.feed === "live";
    if (!isLive || !isOverviewLive) return;
    root.dataset.sceneLive = current;
    root.dataset.sceneMs = Math.round(performance.now() - openedAt);
    onescreen.emit("scene-live", current);
  }

  onescreen.on("drawn", checkLive);
  onescreen.on("mounted", apply);
  onescreen.whenLive(checkLive);

  onescreen.scenes = {
    current: () => current,
    has: (key) => table.has(key),
    keys: () => [...table.keys()],
    panels: (key) => Object.keys(table.get(key)?.tabs ?? {}),
    own: (key) => table.get(key)?.own ?? [],
    followed,
    show,
    prefetch,
    showTab(name) {
      showTab(name);
      onescreen.drawAllPanels();
      window.dispatchEvent(new Event("resize"));
    },
    onTold,
  };
})();
