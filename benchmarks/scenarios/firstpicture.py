"""From asking for a camera until its first picture is seen, while its upstream delivers: JPEG, HLS and FLV."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.bars import Measured, percentile
from benchmarks.bench import Bench
from benchmarks.browser import page
from benchmarks.feeding import camera_feed
from benchmarks.processes import BenchError, server
from datasources.media import Transport
from datasources.media.ffmpeg import find_ffmpeg

if TYPE_CHECKING:
    from playwright.sync_api import Page

ADDRESS = "/wall/video?layout=9"
CAMERAS = 12
HLS_READY_MS = 6_000
"""What ffmpeg takes to write its first segments."""

SOME = """async (limit) => {
  const reply = await fetch(`/api/v1/cameras?limit=${limit}`);
  return (await reply.json()).items.map(({ id }) => id);
}"""
JPEG = """async (id) => {
  const start = performance.now();
  const { bitmap } = await onescreen.loadPicture(id);
  bitmap.close();
  return (performance.now() - start) / 1000;
}"""
LIVE = """async (id) => {
  await onescreen.loadBundle("live");
  const host = document.body.appendChild(document.createElement("div"));
  const start = performance.now();
  const seconds = await new Promise((done) => {
    const live = onescreen.createLive(id, host, ({ phase }) => {
      if (phase !== "playing") return phase === "failed" ? done(Infinity) : null;
      done((performance.now() - start) / 1000);
      setTimeout(() => { live.close(); host.remove(); });
    });
  });
  return seconds;
}"""


def run(bench: Bench) -> list[Measured]:
    """Every camera is asked for the first time: nothing of it is kept anywhere."""
    ffmpeg = find_ffmpeg()
    if ffmpeg is None:
        raise BenchError("no ffmpeg was found: install it or imageio-ffmpeg")
    measured: dict[str, list[float]] = {}
    with camera_feed(ffmpeg) as feed:
        for transport in (Transport.FLV, Transport.HLS):
            live_s, jpeg_s = _watched(bench, feed.url, transport)
            measured[transport] = live_s
            measured.setdefault("jpeg", jpeg_s)
    return [
        Measured(f"media.{name}", percentile(measured[name], 0.95), note=f"the slowest of {len(measured[name])}")
        for name in ("jpeg", "hls", "flv")
    ]


def _watched(bench: Bench, upstream: str, transport: Transport) -> tuple[list[float], list[float]]:
    """Seconds of each camera until it plays, and of each other one until its picture is there."""
    district = bench.district()
    arguments = ("-m", "benchmarks.watching", "--upstream", upstream, "--transport", str(transport))
    where = ("--settings", str(district.settings), "--data", str(district.folder))
    with (
        server((*arguments, *where), bench.log) as web,
        bench.browser() as browser,
        page(browser, f"{web.url}{ADDRESS}") as opened,
    ):
        opened.wait_for_function("() => Boolean(window.onescreen?.loadPicture)", polling=50)
        opened.wait_for_timeout(HLS_READY_MS)
        cameras = opened.evaluate(SOME, 2 * bench.times(CAMERAS))
        half = len(cameras) // 2
        return _each(opened, LIVE, cameras[:half]), _each(opened, JPEG, cameras[half:])


def _each(opened: Page, script: str, cameras: list[str]) -> list[float]:
    return [float(opened.evaluate(script, camera)) for camera in cameras]
