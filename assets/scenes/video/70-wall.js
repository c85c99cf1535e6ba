// The camera wall: tiles that are used again and again, pictures through one fair queue, pages by the rounds' clock.
(() => {
  "use strict";
  const onescreen = window.onescreen;
  const { h, say, set, once, t } = onescreen.tools;
  const BEAT_MS = 500;
  const AHEAD_S = 4; // so long before its turn the next page's pictures are fetched
  const LEAST_REFRESH_MS = 4000;
  const RETRY_MS = 5000;
  const MOST_TILES = 16;
  const DEFAULT_TILES = 9;

  function build(body, section) {
    const grid = h("div", { class: "video-tiles" });
    const none = h("p", { class: "none", hidden: true });
    const progress = h("i", { class: "video-progress", "aria-hidden": "true" });
    const pages = onescreen.createVideoPages();
    const rounds = onescreen.createRounds();
    const tiles = new Map(); // camera → tile it is shown on
    const ready = new Map(); // camera of the next page → its picture
    const pool = [];
    let values = null;
    let size = DEFAULT_TILES;
    let identity = "";
    let shownPage = null; // the page on the tiles, null before the first
    let shownCameras = [];
    let isAsking = false;
    let refreshedAt = 0;
    let failedAt = -Infinity;
    let turnedAt = 0; // real time
    let aheadOf = null; // the page whose pictures are fetched beforehand

    const live = onescreen.createWallLive();
    const queue = onescreen.createPictureQueue((id, signal) => onescreen.loadPicture(id, signal, tiles.get(id)?.width()));
    const controls = onescreen.createVideoControls({
      turn(step) {
        rounds.turn(step);
        beat();
      },
      toggle() {
        if (rounds.now().isHeld) rounds.release();
        else rounds.hold(Infinity);
        beat();
      },
      layout: (layout) => onescreen.choice.set({ layout: String(layout) }),
    });
    body.append(controls.element, progress, grid, none);

    const pageCount = () => Math.ceil((values?.total ?? 0) / size);
    /** Rounds turn by themselves; what is near stays until somebody turns it. */
    const isTurning = () => values?.mode !== "near" && pageCount() > 1;
    const isSeen = () => !document.hidden && section.getClientRects().length > 0;

    function wantedSize() {
      const chosen = Number(onescreen.choice.get().layout);
      const room = Number(getComputedStyle(section).getPropertyValue("--tiles")) || DEFAULT_TILES;
      return [1, 4, 9, 16].includes(chosen) ? chosen : room;
    }

    function take(next) {
      values = next;
      const wanted = wantedSize();
      const now = `${wanted}|${values.mode}|${JSON.stringify(values.query)}`;
      if (now !== identity) restart(now, wanted);
      rounds.set(pageCount(), values.dwell_s ?? 12);
      if (!isTurning()) holdStill();
      controls.show(values, onescreen.choice.get(), size);
      set(none, { hidden: values.total !== 0 });
      say(none, t(values.mode === "near" ? "video.none_near" : "video.none"));
      set(grid, { hidden: values.total === 0 });
      beat(true);
    }

    function restart(now, wanted) {
      identity = now;
      size = wanted;
      shownPage = aheadOf = null;
      failedAt = -Infinity;
      rounds.restart();
      forgetReady();
      grid.style.setProperty("--columns", Math.ceil(Math.sqrt(size)));
      set(grid, { "data-size": size });
    }

    /** What does not turn by itself begins with its first page and stays where it is. */
    function holdStill() {
      if (rounds.now().isHeld) return;
      rounds.hold(Infinity);
      while (rounds.now().page !== 0) rounds.turn(-rounds.now().page);
    }

    /** Twice a second: the right page, its next one ahead, and what time alone changes. */
    function beat(isTold = false) {
      if (!values) return;
      queue.pause(!isSeen());
      live.show(pool, { size, isSeen: isSeen(), since: turnedAt });
      if (!isSeen()) return;
      const state = rounds.now();
      if (state.page !== shownPage) turnTo(state.page);
      else if (isTold) refresh();
      if (isTurning() && !state.isHeld && state.leftS < AHEAD_S) prepare(state.next);
      for (const tile of tiles.values()) tile.tick();
      progress.style.transform = `scaleX(${isTurning() && !state.isHeld ? state.share : 0})`;
      const waits = (failedAt + RETRY_MS - onescreen.realTime()) / 1000;
      const problem = waits > 0 ? t("video.waiting", { s: Math.ceil(waits) }) : null;
      controls.showRound({ ...state, pages: pageCount(), isTurning: isTurning(), dwellS: values.dwell_s, problem });
    }

    /** The first page near a place has come with the values: the others are asked for. */
    const hasTiles = (page) => values.page === 0 && page === 0 && (values.size >= size || values.total <= values.size);

    async function turnTo(page) {
      if (hasTiles(page)) return put(values.tiles.slice(0, size), page);
      if (isAsking || onescreen.realTime() - failedAt < RETRY_MS) return;
      await askFor(page);
    }

    async function askFor(page, options) {
      const asked = identity;
      isAsking = true;
      const got = await pages.ask(values.query, size, page, options);
      isAsking = false;
      if (asked !== identity) return beat();
      if (!got) failedAt = onescreen.realTime();
      else put(got.tiles, page);
    }

    /** The cameras shown are the same, but what is known of them may have changed. */
    function refresh() {
      if (hasTiles(shownPage)) return put(values.tiles.slice(0, size), shownPage);
      if (isAsking || onescreen.realTime() - refreshedAt < LEAST_REFRESH_MS) return;
      refreshedAt = onescreen.realTime();
      askFor(shownPage, { isFresh: true });
    }

    /** Fetches the next page and its pictures, so that all tiles change at once and none goes blank. */
    async function prepare(page) {
      if (aheadOf === page || hasTiles(page)) return;
      aheadOf = page;
      const asked = identity;
      const got = await pages.ask(values.query, size, page);
      if (!got || asked !== identity || aheadOf !== page) return;
      for (const { id, state } of got.tiles) {
        if (state === "offline" || tiles.has(id)) continue;
        queue.want(id, (picture) => (picture ? keepReady(id, picture) : null), { once: true });
      }
    }

    function keepReady(id, picture) {
      if (tiles.has(id)) return tiles.get(id).take(picture, null);
      ready.get(id)?.bitmap.close();
      ready.set(id, picture);
    }

    function forgetReady() {
      for (const { bitmap } of ready.values()) bitmap.close();
      ready.clear();
    }

    /** Cameras that stay keep their tile: nothing moves without cause. */
    function put(cameras, page) {
      const isSame = page === shownPage;
      shownPage = page;
      const slots = isSame ? steady(cameras) : cameras;
      while (pool.length < Math.min(size, MOST_TILES)) addTile();
      const wanted = new Set(slots.filter(Boolean).map(({ id }) => id));
      for (const id of shownCameras) if (!wanted.has(id)) queue.drop(id);
      tiles.clear();
      pool.forEach((tile, place) => {
        const camera = slots[place] ?? null;
        tile.put(camera, place);
        if (camera) tiles.set(camera.id, tile);
      });
      shownCameras = [...wanted];
      for (const [id, tile] of tiles) follow(id, tile);
      if (!isSame) {
        turnedAt = onescreen.realTime();
        forgetReady();
        aheadOf = null;
      }
      onescreen.emit("tiles", slots.filter(Boolean));
      set(section, { "data-page": page });
    }

    function follow(id, tile) {
      if (!tile.isWanted() || tile.isPlaying()) return queue.drop(id);
      const picture = ready.get(id);
      if (picture) {
        ready.delete(id);
        tile.take(picture, null);
      }
      queue.want(id, (got, error) => tile.take(got, error));
    }

    function steady(cameras) {
      const known = new Map(cameras.map((camera) => [camera.id, camera]));
      const slots = Array.from({ length: size }, (_, place) => {
        const id = pool[place]?.camera()?.id;
        const camera = known.get(id) ?? null;
        known.delete(id);
        return camera;
      });
      const fresh = known.values();
      return slots.map((camera) => camera ?? fresh.next().value ?? null);
    }

    function addTile() {
      const tile = onescreen.createVideoTile((id) => tiles.get(id) === tile && follow(id, tile));
      pool.push(tile);
      grid.append(tile.element);
    }

    const touch = () => isTurning() && rounds.hold();
    for (const event of ["pointermove", "pointerdown", "keydown"]) grid.addEventListener(event, touch, { passive: true });
    setInterval(beat, BEAT_MS);
    document.addEventListener("visibilitychange", () => beat());
    onescreen.videoWall = { queue, stats: () => ({ ...queue.stats(), tiles: tiles.size, pool: pool.length, ready: ready.size, page: shownPage }) };
    return { take };
  }

  onescreen.definePanel("video-wall", (body, values, _, section) => {
    if (!values.tiles) return;
    once(body, () => build(body, section)).take(values);
  });
})();
