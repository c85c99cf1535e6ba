// One tile: a camera's picture with its name, place and age; what is offline, broken or frozen says so.
(() => {
  "use strict";
  const onescreen = window.onescreen;
  const { h, set, say, since, clock, measured, named, isUnknown, age, t } = onescreen.tools;
  const OLD_MS = 6000; // real time without a new picture: then its age is the message

  const SHAPES = { frozen: "M3.6 1.6v8.8M8.4 1.6v8.8", black: "M1 1h10v10H1Z", blank: "M1.4 1.4h9.2v9.2H1.4Z" };

  function sign(kind) {
    const { svg } = onescreen.tools;
    return svg("svg", { viewBox: "0 0 12 12", class: "video-sign", "aria-hidden": "true" }, svg("path", { d: SHAPES[kind] }));
  }

  const distanceText = (metres) => {
    if (isUnknown(metres)) return "";
    return metres < 1000 ? `${Math.round(metres)} m` : `${measured(metres / 1000)} km`;
  };

  onescreen.videoSign = sign;
  onescreen.videoDistance = distanceText;

  /** Street and address, each word once: addresses often begin with their street. */
  onescreen.videoPlace = ({ street, street_en: streetEn, address, name }) => {
    const isTold = address && onescreen.language === "zh" && !name?.includes(address);
    if (!isTold) return street ? named(street, streetEn) : "";
    return street && !address.startsWith(street) ? `${street} · ${address}` : address;
  };

  function build() {
    const picture = onescreen.createPicture();
    const index = h("span", { class: "tile-index", "aria-hidden": "true" });
    const state = h("span", { class: "tile-state" }, h("b"), h("span"));
    const finding = h("span", { class: "video-finding", hidden: true });
    const facts = h("span", { class: "tile-distance" });
    const name = h("span", { class: "tile-name" }, index, h("b"), h("span"));
    const element = h("a", { class: "tile video-tile", "data-picture": "none" }, picture.element, state, finding, facts, name);
    return { element, picture, index, state, finding, facts, name };
  }

  /** A place on the wall that shows one camera after the other: `put(camera, index)`, `take(picture, error)`, `tick()`. */
  onescreen.createVideoTile = (liveChanged = () => null) => {
    const parts = build();
    const { element, picture } = parts;
    let camera = null;
    let shownAt = null; // city time of the picture shown
    let renewedAt = 0; // real time at which it came
    let hasStill = true; // false: it gives no still pictures, only a stream
    let lastAt = null; // city time of the last picture the server had, for one that has none now

    const live = onescreen.createTileLive(element, () => {
      tick();
      if (camera) liveChanged(camera.id);
    });

    function reset() {
      live.play(null);
      picture.clear();
      picture.forgetSource();
      shownAt = lastAt = null;
      renewedAt = 0;
      hasStill = true;
      set(element, { "data-picture": "none" });
    }

    /** Shows another camera; the picture of the one before is gone before the new name is read. */
    function put(next, index) {
      if (next?.id !== camera?.id) reset();
      camera = next;
      set(element, { hidden: !camera });
      if (!camera) return;
      const address = `/camera/${encodeURIComponent(camera.id)}`;
      set(element, { href: address, "data-open": address, "data-device": camera.state, "data-finding": camera.finding });
      say(parts.index, String(index + 1));
      say(parts.name.children[1], camera.name || camera.id);
      say(parts.name.lastChild, onescreen.videoPlace(camera));
      showFinding();
      tick();
    }

    function showFinding() {
      const { finding, since: from } = camera;
      const isFaulty = Boolean(finding) && camera.state === "online";
      set(parts.finding, { hidden: !isFaulty, title: isFaulty ? t("explain.video_finding") : null });
      if (!isFaulty) return;
      if (parts.finding.dataset.kind !== finding) parts.finding.replaceChildren(sign(finding), h("span"));
      set(parts.finding, { "data-kind": finding });
      since(parts.finding.lastChild, "age", from, `video.${finding}`);
    }

    function take(got, error) {
      if (got) {
        picture.show(got.bitmap);
        shownAt = got.at;
        renewedAt = onescreen.realTime();
        set(element, { "data-picture": "shown" });
      } else if (error?.name !== "AbortError" || !shownAt) {
        lastAt = error?.lastAt ?? lastAt;
        hasStill = error?.code !== "not_offered";
        set(element, { "data-picture": "broken" });
      }
      tick();
    }

    const isWanted = () => Boolean(camera) && camera.state !== "offline";

    /** What time alone changes. */
    function tick() {
      if (!camera) return;
      const isOld = element.dataset.picture === "shown" && !live.isPlaying() && onescreen.realTime() - renewedAt > OLD_MS;
      set(element, { "data-old": isOld });
      say(parts.facts, [distanceText(camera.distance_m), ageText(isOld)].filter(Boolean).join(" · "));
      set(parts.facts, { title: (live.state() && onescreen.liveHint(live.state())) || null });
      showState();
      set(element, { "aria-label": t("video.tile", { name: camera.name || camera.id, state: stateWord() }) });
    }

    function ageText(isOld) {
      if (/playing|lost/.test(live.state()?.phase)) return onescreen.liveWords(live.state());
      if (element.dataset.picture !== "shown" || camera.state === "offline") return "";
      return isOld ? t("video.old", { age: age((onescreen.tools.now() - shownAt) / 1000) }) : t("video.live");
    }

    function stateWord() {
      if (camera.state !== "online") return t(`video.state.${camera.state}`);
      if (/playing|lost/.test(live.state()?.phase)) return onescreen.liveWords(live.state());
      if (camera.finding) return parts.finding.textContent;
      return element.dataset.picture === "shown" ? t("video.live") : parts.state.firstChild.textContent;
    }

    function showState() {
      const [word, detail] = parts.state.children;
      if (camera.state === "offline") {
        if (isUnknown(camera.seen_at)) {
          set(word, { "data-since": null });
          say(word, t("video.offline_never"));
        } else since(word, "age", camera.seen_at, "video.offline");
        return say(detail, isUnknown(camera.seen_at) ? t("video.never") : t("video.last", { at: clock(camera.seen_at) }));
      }
      set(word, { "data-since": null });
      const isBroken = element.dataset.picture === "broken";
      if (isBroken && live.state()?.phase === "connecting") return say(detail, say(word, t("live.connecting")) && "");
      const isLost = isBroken && camera.state === "unknown";
      const broken = hasStill ? "video.broken" : "video.no_still";
      say(word, t(isLost ? "video.unknown" : isBroken ? broken : "video.connecting"));
      const at = shownAt ?? lastAt;
      return say(detail, isBroken && at ? t("video.last", { at: clock(at) }) : "");
    }

    return {
      element,
      put,
      take,
      tick,
      isWanted,
      camera: () => camera,
      width: () => picture.wantedWidth(),
      /** Plays the camera, or no longer; what is offline is not asked. */
      play: (isWantedLive) => live.play(isWantedLive && isWanted() ? camera.id : null),
      isPlaying: () => live.isPlaying(),
      close() {
        live.play(null);
        picture.close();
      },
    };
  };
})();
