"""The view belongs to the viewer: frames do not move it, panning is smooth, nothing is fetched from elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import synthetic
import wire
from fake_wall import FakeWall

from layouts.map import map_view
from situation.crs import from_wgs84

if TYPE_CHECKING:
    from playwright.sync_api import Page

Walls = Callable[..., FakeWall]
Pages = Callable[..., "Page"]
VIEW = (
    "() => { const { map } = onescreen.map.parts(); return [map.getCenter().lat, map.getCenter().lng, map.getZoom()]; }"
)
FULL_DRAWINGS = "() => onescreen.map.parts().marks.stats.fulls"


def wait_for_seq(page: Page, seq: int) -> None:
    page.wait_for_selector(f'html[data-feed="live"][data-seq="{seq}"]')


def test_the_map_component_holds_no_view_that_could_be_set_again() -> None:
    props = map_view(synthetic.BOUNDS).to_plotly_json()["props"]
    assert props["bounds"] == [[31.28, 121.30], [31.51, 121.55]]
    assert not {"center", "zoom", "viewport"} & set(props)


@pytest.fixture
def live(make_wall: Walls, open_page: Pages) -> tuple[FakeWall, Page]:
    """A wall whose marks are drawn and whose feed is connected."""
    wall = make_wall()
    page = open_page(wall.url)
    wait_for_seq(page, 10)
    wall.wait_for_connections(1)
    return wall, page


@pytest.mark.browser
def test_the_district_is_fitted_once_and_frames_do_not_move_the_map(live: tuple[FakeWall, Page]) -> None:
    wall, page = live
    west, south, east, north = synthetic.BOUNDS
    seen = [float(side) for side in page.evaluate("onescreen.map.parts().map.getBounds().toBBoxString()").split(",")]
    assert seen[0] < west
    assert seen[1] < south
    assert seen[2] > east
    assert seen[3] > north
    page.evaluate("() => onescreen.map.parts().map.setView([31.4, 121.4], 15, { animate: false })")
    chosen = page.evaluate(VIEW)
    moved = {**synthetic.panels()["map"], "values": {"bounds": [100, 20, 101, 21], "warning_areas": []}}
    wait_for_seq(page, wall.frame(panels={"map": moved}, marks={"camera": {"put": wire.put([(1, 1, 0)])}}))
    assert page.evaluate(VIEW) == pytest.approx(chosen, abs=1e-5)  # half a pixel, when the map's frame was resized


@pytest.mark.browser
def test_arrow_and_plus_keys_move_the_focused_map(live: tuple[FakeWall, Page]) -> None:
    _, page = live
    before = page.evaluate(VIEW)
    page.locator(".onescreen-map").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function(f"onescreen.map.parts().map.getCenter().lng > {before[1]}")
    page.keyboard.press("+")
    page.wait_for_function(f"onescreen.map.parts().map.getZoom() > {before[2]}")


@pytest.mark.browser
def test_the_warning_area_is_hatched_and_named_in_the_legend(live: tuple[FakeWall, Page]) -> None:
    wall, page = live
    row = page.locator("[data-layer=warning_area]")
    assert row.get_attribute("data-level") == "orange"
    nothing = {**synthetic.panels()["map"], "values": {"warning_areas": []}}
    wait_for_seq(page, wall.frame(panels={"map": nothing}))
    assert row.is_hidden()


@pytest.mark.browser
def test_no_request_leaves_the_server(make_wall: Walls, browser) -> None:
    wall = make_wall()
    context = browser.new_context()
    hosts: set[str] = set()
    context.on("request", lambda request: hosts.add("/".join(request.url.split("/")[:3])))
    page = context.new_page()
    page.goto(wall.url)
    wait_for_seq(page, 10)
    assert {host for host in hosts if host.startswith("http")} == {wall.url}
    context.close()


@pytest.mark.browser
def test_frames_and_short_pans_never_draw_everything_anew(live: tuple[FakeWall, Page]) -> None:
    """What keeps panning smooth and tasks short; how smooth and how short is measured by the benchmarks."""
    wall, page = live
    page.evaluate("() => onescreen.map.parts().marks.redraw()")
    page.evaluate("() => new Promise((done) => onescreen.map.parts().marks.whenDrawn(done))")
    before = page.evaluate(FULL_DRAWINGS)
    for turn in range(5):
        puts = [(number, (number + turn) % 2, 0) for number in range(1, 18_000, 90)]
        wait_for_seq(page, wall.frame(marks={"camera": {"put": wire.put(puts)}}))
    page.evaluate("() => onescreen.map.parts().map.panBy([120, 80], { animate: false })")
    assert page.evaluate(FULL_DRAWINGS) == before
    page.evaluate("() => onescreen.map.parts().map.panBy([900, 0], { animate: false })")
    page.wait_for_function(f"({FULL_DRAWINGS})() > {before}")


@pytest.mark.browser
def test_gcj_02_tiles_lie_where_the_marks_are(make_wall: Walls, open_page: Pages) -> None:
    """A known point's GCJ-02 tile position is shown where its WGS-84 position is, within a pixel at street level."""
    wall = make_wall(tiles={"url": "/assets/none/{z}/{x}/{y}.png", "crs": "gcj02", "attribution": "某图"})
    page = open_page(wall.url)
    wait_for_seq(page, 10)
    apart = page.evaluate("""() => {
      const { map } = onescreen.map.parts();
      map.setView([31.4, 121.4], 17, { animate: false });
      const [lon, lat] = onescreen.toGcj02(121.4, 31.4);
      const pane = L.DomUtil.getPosition(map.getPane("onescreen-tiles"));
      const tile = map.latLngToLayerPoint([lat, lon]).add(pane);
      const mark = map.latLngToLayerPoint([31.4, 121.4]);
      return tile.distanceTo(mark);
    }""")
    assert apart <= 1


@pytest.mark.browser
def test_the_browsers_gcj_02_is_the_servers(open_page: Pages) -> None:
    page = open_page("about:blank")
    page.add_script_tag(path=Path(__file__).parents[3] / "assets" / "39-tiles.js")
    lons, lats = [121.4737, 116.39128, 87.6168, 110.3312], [31.2304, 39.90734, 43.8256, 20.0310]
    there = from_wgs84("gcj02", lons, lats)
    for here, theirs in zip(zip(lons, lats, strict=True), zip(*there, strict=True), strict=True):
        assert page.evaluate("([lon, lat]) => onescreen.toGcj02(lon, lat)", list(here)) == pytest.approx(
            theirs, abs=1e-9
        )
