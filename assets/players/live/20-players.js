// Players by transport. Each takes an address and tells `fail(reason)`; it offers what is seen: `element`, `position()`, a
// number that moves as long as pictures do, `arrived()`, one that moves as long as more of them come, and `close()`, after
// which nothing of it is left: no element, source, request.
(() => {
  "use strict";
  const onescreen = window.onescreen;
  const { h } = onescreen.tools;
  const players = (onescreen.livePlayers = {});

  function video() {
    const element = h("video", { class: "live-video", muted: true, playsinline: true, "aria-hidden": "true", disablepictureinpicture: true });
    element.muted = true; // the attribute alone does not, and nothing with sound may start by itself
    element.autoplay = true;
    return element;
  }

  function forget(element) {
    element.pause();
    element.srcObject = null;
    element.removeAttribute("src");
    element.load(); // gives up decoder and buffers
    element.remove();
  }

  const bufferedEnd = ({ buffered }) => (buffered.length ? buffered.end(buffered.length - 1) : 0);
  const start = (element) => element.play().catch(() => null); // refused while hidden: the watchdog sees it

  players.flv = async (address, fail) => {
    await onescreen.loadBundle("flv");
    const { mpegts } = window;
    if (!mpegts?.isSupported()) throw new Error("unsupported");
    mpegts.LoggingControl.enableAll = false;
    const element = video();
    // nobody jumps in what is live; mpegts.js takes its own small jumps for that and is still busy with them after its end
    element.addEventListener("seeking", (event) => event.stopImmediatePropagation(), true);
    const player = mpegts.createPlayer(
      { type: "flv", isLive: true, hasAudio: false, url: new URL(address, location.href).href },
      {
        enableStashBuffer: false,
        liveSync: true, // catches up by playing faster, without jumps
        liveSyncMaxLatency: 2.5,
        liveSyncTargetLatency: 1,
        liveSyncPlaybackRate: 1.5,
        autoCleanupSourceBuffer: true,
        autoCleanupMaxBackwardDuration: 20,
        autoCleanupMinBackwardDuration: 8,
      },
    );
    // later: the player must not be taken apart while it is telling
    const failLater = (reason) => setTimeout(fail, 0, reason);
    player.on(mpegts.Events.ERROR, (_, detail, info) => failLater(String(info?.code ?? detail)));
    player.on(mpegts.Events.LOADING_COMPLETE, () => failLater("ended"));
    player.attachMediaElement(element);
    player.load();
    start(element);
    return {
      element,
      position: () => element.currentTime,
      arrived: () => bufferedEnd(element),
      close() {
        player.destroy();
        forget(element);
      },
    };
  };
  players.converted = players.flv;

  players.hls = async (address, fail) => {
    await onescreen.loadBundle("hls");
    const { Hls } = window;
    if (!Hls?.isSupported()) throw new Error("unsupported");
    const element = video();
    const once = { default: { maxTimeToFirstByteMs: 8000, maxLoadTimeMs: 10000, timeoutRetry: null, errorRetry: null } };
    const hls = new Hls({
      liveSyncDurationCount: 2,
      backBufferLength: 8,
      maxBufferLength: 12,
      lowLatencyMode: false,
      manifestLoadPolicy: once,
      playlistLoadPolicy: once,
    });
    // a playlist that fails is the news itself: nothing is tried again here, the tile says so and begins anew
    hls.on(Hls.Events.ERROR, (_, { fatal, details, response }) => {
      if (fatal || /^(manifest|level)/.test(details)) fail(String(response?.code ?? details));
    });
    hls.loadSource(address);
    hls.attachMedia(element);
    start(element);
    return {
      element,
      position: () => element.currentTime,
      arrived: () => bufferedEnd(element),
      close() {
        hls.destroy();
        forget(element);
      },
    };
  };

  players.whep = async (address, fail) => {
    const GATHER_MS = 1500;
    const ALIVE_MS = 8000; // the server lets a camera go that nothing is asked of
    const element = video();
    const peer = new RTCPeerConnection();
    let session = "";
    let isClosed = false;
    peer.addTransceiver("video", { direction: "recvonly" });
    peer.ontrack = ({ streams, track }) => (element.srcObject = streams[0] ?? new MediaStream([track]));
    peer.onconnectionstatechange = () => /failed|closed|disconnected/.test(peer.connectionState) && fail("disconnected");
    const alive = setInterval(() => fetch(address.replace(/whep$/, "stream.json")).catch(() => null), ALIVE_MS);

    function close() {
      isClosed = true;
      clearInterval(alive);
      peer.close();
      if (session) fetch(session, { method: "DELETE", keepalive: true }).catch(() => null);
      forget(element);
    }

    try {
      await peer.setLocalDescription();
      if (peer.iceGatheringState !== "complete") {
        const gathered = new Promise((done) => (peer.onicegatheringstatechange = () => peer.iceGatheringState === "complete" && done()));
        await Promise.race([gathered, new Promise((done) => setTimeout(done, GATHER_MS))]);
      }
      const headers = { "content-type": "application/sdp" };
      const answer = await fetch(address, { method: "POST", headers, body: peer.localDescription.sdp });
      if (!answer.ok) throw new Error(String(answer.status));
      session = answer.headers.get("location") ?? "";
      await peer.setRemoteDescription({ type: "answer", sdp: await answer.text() });
    } catch (error) {
      if (!isClosed) close();
      throw error;
    }
    start(element);
    const position = () => element.currentTime;
    return { element, position, arrived: position, close };
  };
})();
