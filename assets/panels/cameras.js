// The cameras nearest to the worst or the selected alarm. Empty tiles are filled at once, a few side by side; afterwards
// one picture at a time is fetched, each tile in its turn.
(() => {
  "use strict";
  const { h, say, set, once, rows, since, clock, measured, isUnknown, t } = onescreen.tools;
  const tools = onescreen.tools;
  const LANES = 3;
  const PAUSE_MS = 250;
  const TIMEOUT_MS = 8000;
  const RETRY_MS = 4000;
  const QUIET_MS = 1000; // a round of all tiles takes at least this long
  const OLD_MS = 15000; // a picture that was not renewed for so long (slow platforms, a page that slept) is not live

  function make(tile) {
    const picture = h("img", { alt: "", decoding: "async", draggable: "false" });
    const row = h(
      "a",
      { class: "tile", "data-picture": "none" },
      picture,
      h("span", { class: "tile-state" }, h("b"), h("span")),
      h("span", { class: "tile-index", "aria-hidden": "true" }),
      h("span", { class: "tile-distance" }),
      h("span", { class: "tile-name" }),
    );
    row.onescreenTile = { id: tile.id, dueAt: 0, shownAt: null };
    return row;
  }

  function fill(row, tile) {
    const [, state, index, distance, name] = row.children;
    const address = `/camera/${encodeURIComponent(tile.id)}`;
    set(row, { href: address, "data-open": address, "data-device": tile.state, title: tile.name });
    row.onescreenTile.isOnline = tile.state !== "offline";
    say(index, String(tile.index + 1));
    say(name, tile.name || tile.id);
    say(distance, isUnknown(tile.distance_m) ? "" : distanceText(tile.distance_m));
    showState(row, state, tile);
    row.onescreenSeen = tile;
  }

  const distanceText = (metres) => (metres < 1000 ? `${Math.round(metres)} m` : `${measured(metres / 1000)} km`);

  function showState(row, box, tile) {
    const [word, detail] = box.children;
    if (tile.state === "offline") {
      if (isUnknown(tile.seen_at)) tools.set(word, { "data-since": null });
      if (isUnknown(tile.seen_at)) say(word, t("cameras.offline_never"));
      else since(word, "age", tile.seen_at, "cameras.offline");
      say(detail, isUnknown(tile.seen_at) ? "" : t("cameras.last_picture", { at: clock(tile.seen_at) }));
      return;
    }
    set(word, { "data-since": null });
    const { shownAt } = row.onescreenTile;
    const isBroken = row.dataset.picture === "broken";
    say(word, isBroken ? t("cameras.no_picture") : t("cameras.connecting"));
    say(detail, isBroken && shownAt ? t("cameras.last_picture", { at: clock(shownAt) }) : "");
  }

  const isNew = ({ onescreenTile: tile }) => tile.dueAt === 0;

  /** The living tile that has waited longest, if one is due; lanes but the first only fill what is still empty. */
  function nextDue(list, at, lane) {
    const isMine = (row) => row.onescreenTile.isOnline && !row.onescreenTile.isLoading && row.offsetParent && (!lane || isNew(row));
    const tiles = [...list.children].filter(isMine);
    tiles.sort((a, b) => a.onescreenTile.dueAt - b.onescreenTile.dueAt);
    return tiles.find((row) => row.onescreenTile.dueAt <= at);
  }

  /** Loads the picture beside the shown one, so that a tile never goes blank while it waits. */
  function load(row) {
    const tile = row.onescreenTile;
    return new Promise((resolve) => {
      const next = h("img", { alt: "", decoding: "async", draggable: "false" });
      const timer = setTimeout(() => end(false), TIMEOUT_MS);
      function end(isGood) {
        clearTimeout(timer);
        next.onload = next.onerror = null;
        if (!isGood) next.src = ""; // gives up the request; Chromium keeps an image for good whose address is taken off
        resolve(isGood ? next : null);
      }
      next.onload = () => end(true);
      next.onerror = () => end(false);
      next.src = `/media/${encodeURIComponent(tile.id)}/snapshot.jpg?t=${Date.now()}`;
    });
  }

  async function refresh(row) {
    const tile = row.onescreenTile;
    tile.isLoading = true;
    const picture = await load(row);
    tile.isLoading = false;
    const at = performance.now();
    tile.dueAt = at + (picture ? QUIET_MS : RETRY_MS);
    set(row, { "data-picture": picture ? "shown" : "broken" });
    if (picture) {
      tile.shownAt = tools.now();
      tile.renewedAt = onescreen.realTime();
      row.replaceChild(picture, row.firstElementChild);
    }
    showState(row, row.children[1], row.onescreenSeen);
  }

  /** A picture that grew old while the next one is waited for says so, instead of passing for live. */
  function markOld(list) {
    for (const row of list.children) {
      if (row.dataset.picture !== "shown" || onescreen.realTime() - row.onescreenTile.renewedAt < OLD_MS) continue;
      set(row, { "data-picture": "broken" });
      showState(row, row.children[1], row.onescreenSeen);
    }
  }

  /** A loop for the life of the page; hidden pages and panels fetch nothing. */
  async function follow(list, lane) {
    const row = document.hidden ? null : nextDue(list, performance.now(), lane);
    const wasNew = Boolean(row) && isNew(row);
    if (row) await refresh(row);
    setTimeout(() => follow(list, lane), wasNew ? 0 : PAUSE_MS);
  }

  function build(body) {
    const list = h("div", { class: "tiles" });
    const none = h("p", { class: "none" }, t("cameras.none"));
    body.append(list, none);
    for (let lane = 0; lane < LANES; lane++) follow(list, lane);
    setInterval(() => markOld(list), QUIET_MS);
    return { list, none };
  }

  function draw(body, values, _, section) {
    const { list, none } = once(body, build);
    const room = Number(getComputedStyle(section).getPropertyValue("--tiles")) || 4;
    const tiles = (values.tiles ?? []).slice(0, room).map((tile, index) => ({ ...tile, index }));
    rows(list, tiles, (tile) => tile.id, make, fill);
    say(section.querySelector(".panel-subject"), values.about_name ?? "");
    set(none, { hidden: tiles.length > 0 || !values.tiles });
  }

  onescreen.definePanel("cameras", draw);
  onescreen.definePanel("emergency-cameras", draw); // the same tiles, around the incident of that scene
})();
