"""The marks on the map: all of them drawn, patched exactly, found under the pointer, switched, thinned."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
import wire
from fake_wall import FakeWall

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

Walls = Callable[..., FakeWall]
Pages = Callable[..., "Page"]

PICTURE = """() => {
  const { canvas, context } = onescreen.map.parts().marks.sheet;
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  let hash = 0, painted = 0;
  for (let i = 0; i < data.length; i++) {
    hash = (Math.imul(hash, 31) + data[i]) | 0;
    painted += data[i] > 0 && i % 4 === 3;
  }
  return [hash, painted];
}"""
REDRAWN = (
    "() => new Promise((done) => { const { marks } = onescreen.map.parts(); marks.redraw(); marks.whenDrawn(done); })"
)
WHERE = """([kind, number]) => {
  const { map } = onescreen.map.parts();
  const mark = onescreen.marks.get(kind, number);
  const point = map.latLngToContainerPoint(map.unproject(L.point(mark.x * 256, mark.y * 256), 0));
  const box = map.getContainer().getBoundingClientRect();
  return [box.left + point.x, box.top + point.y];
}"""


def opened(make_wall: Walls, open_page: Pages, **options: Any) -> tuple[FakeWall, Page]:
    wall = make_wall(**options)
    page = open_page(wall.url)
    wait_for_seq(page, 10)
    wall.wait_for_connections(1)
    return wall, page


def wait_for_seq(page: Page, seq: int) -> None:
    page.wait_for_selector(f'html[data-feed="live"][data-seq="{seq}"]')


@pytest.fixture
def live(make_wall: Walls, open_page: Pages) -> tuple[FakeWall, Page]:
    """A wall whose marks are drawn and whose feed is connected."""
    return opened(make_wall, open_page)


def random_frame(rng: random.Random, counts: dict[str, range]) -> dict[str, Any]:
    """Changes, moves, arrivals and removals of some marks of every kind."""
    marks: dict[str, Any] = {}
    for kind, numbers in counts.items():
        chosen = rng.sample(numbers, 12)
        states = (5, 4, 19, 7) if kind == "alarm" else (0, 6) if kind == "case" else (0, 1, 2, 4)
        changed = [(number, rng.choice(states), 0) for number in chosen[:8]]
        moved = [
            (number, rng.choice(states), 0, rng.uniform(121.35, 121.5), rng.uniform(31.3, 31.5))
            for number in chosen[8:10]
        ]
        new = [(rng.randrange(500_000, 600_000), states[0], 0, rng.uniform(121.35, 121.5), rng.uniform(31.3, 31.5))]
        marks[kind] = {"put": wire.put([*changed, *moved, *new]), "remove": wire.removed(chosen[10:])}
    return marks


def ranges(wall: FakeWall) -> dict[str, range]:
    numbers = {kind: table["number"] for kind, table in wall.marks.items()}
    return {kind: range(int(column[0]), int(column[-1]) + 1) for kind, column in numbers.items()}


@pytest.mark.parametrize("thin_above", [40_000, 3_000])
def test_a_patched_picture_equals_one_drawn_anew(make_wall: Walls, open_page: Pages, thin_above: int) -> None:
    wall, page = opened(make_wall, open_page, thin_above=thin_above)
    rng = random.Random(5)
    for _ in range(6):
        wait_for_seq(page, wall.frame(marks=random_frame(rng, ranges(wall))))
    patched = page.evaluate(PICTURE)
    page.evaluate(REDRAWN)
    assert page.evaluate(PICTURE) == patched
    assert patched[1] > 10_000


def test_thinning_is_said_and_keeps_the_worst_state(make_wall: Walls, open_page: Pages) -> None:
    wall, page = opened(make_wall, open_page, thin_above=3_000)
    page.wait_for_function("/ 1:\\d+$/.test(document.querySelector('[data-layer=camera]').textContent)")
    number = int(wall.marks["camera"]["number"][0])
    for kind in ("case", "alarm", "sensor"):
        page.locator(f"[data-layer={kind}] input").uncheck()
    wait_for_seq(page, wall.frame(marks={"camera": {"put": wire.put([(number, 5, 0)])}}))
    page.evaluate(REDRAWN)
    colour = """([x, y]) => {
      const { marks: { sheet } } = onescreen.map.parts();
      const box = sheet.canvas.getBoundingClientRect();
      return Array.from(sheet.context.getImageData(x - box.left, y - box.top, 1, 1).data);
    }"""
    assert page.evaluate(colour, page.evaluate(WHERE, ["camera", number])) == [255, 77, 79, 255]


def test_every_mark_is_found_at_its_place(live: tuple[FakeWall, Page]) -> None:
    _, page = live
    page.evaluate(
        "() => { const { map } = onescreen.map.parts(); map.setView([31.395, 121.425], 18, { animate: false }); }"
    )
    lost = page.evaluate("""() => {
      const { map, marks } = onescreen.map.parts();
      const lost = [];
      for (const kind of ["camera", "sensor", "case", "alarm"]) {
        const table = onescreen.marks.table(kind);
        for (let i = 0; i < table.count; i += 37) {
          map.setView(map.unproject(L.point(table.x[i] * 256, table.y[i] * 256), 0), 19, { animate: false });
          const size = map.getSize();
          const hit = onescreen.hitMark(map, onescreen.marks, marks, { x: size.x / 2, y: size.y / 2 });
          const height = (name) => onescreen.MARK_ORDER.indexOf(name);
          if (!hit || height(hit.kind) < height(kind)) lost.push([kind, i, hit]);
        }
      }
      return lost;
    }""")
    assert lost == []


def test_the_index_finds_what_a_look_at_every_point_finds(live: tuple[FakeWall, Page]) -> None:
    _, page = live
    wrong = page.evaluate("""() => {
      let seed = 1;
      const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
      const wrong = [];
      for (const count of [0, 1, 7, 3000]) {
        const xs = Float64Array.from({ length: count }, (_, i) => (i === 3 ? 0 : 0.8 + random() / 1000));
        const ys = Float64Array.from({ length: count }, (_, i) => (i === 3 ? 1 : 0.4 + random() / 1000));
        const search = onescreen.createSpatialIndex(xs, ys, count);
        for (let round = 0; round < 60; round++) {
          const [left, top] = [0.8 + random() / 1000 - 0.0002, 0.4 + random() / 1000];
          const [right, bottom] = round % 10 ? [left + random() / 5000, top + random() / 5000] : [1, 1];
          const found = [];
          search(left, top, right, bottom, (i) => found.push(i));
          const all = [...xs.keys()].filter((i) => xs[i] >= left && xs[i] <= right && ys[i] >= top && ys[i] <= bottom);
          if (found.sort((a, b) => a - b).join() !== all.join()) wrong.push([count, found.length, all.length]);
        }
      }
      return wrong;
    }""")
    assert wrong == []


def test_a_hover_shows_upstream_text_as_text(live: tuple[FakeWall, Page]) -> None:
    _, page = live
    page.mouse.move(*page.evaluate(WHERE, ["alarm", 29_285]))
    tip = page.locator(".map-tip")
    tip.get_by_text("<b>友谊路</b>").wait_for()
    assert tip.locator("b").count() == 0
    assert "公安视频平台" in tip.inner_text()


def test_a_click_opens_the_address_of_the_mark(live: tuple[FakeWall, Page]) -> None:
    _, page = live
    page.mouse.click(*page.evaluate(WHERE, ["alarm", 29_285]))
    page.wait_for_url("**/alarm/alarm-29285")
    page.wait_for_selector(".map-ring-selected", state="attached")


def test_a_layer_is_switched_from_the_keyboard(live: tuple[FakeWall, Page]) -> None:
    _, page = live
    before = page.evaluate(PICTURE)[1]
    page.locator("[data-layer=camera] input").focus()
    page.keyboard.press("Space")
    page.evaluate("() => new Promise((done) => onescreen.map.whenDrawn(done))")
    assert page.evaluate(PICTURE)[1] < before * 0.7
