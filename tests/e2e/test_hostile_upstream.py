"""What an upstream writes is shown as text and nothing else, however long it is and whatever it contains."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.e2e import hostile
from tests.e2e.conftest import OpenWall
from tests.e2e.layout import faults
from tests.e2e.product import Product, running

pytestmark = pytest.mark.browser

LONGEST_TEXT = 2_000
HARMLESS = "() => window.hurt === undefined && !document.querySelector('#react-entry-point script, img[src=x]')"
SHOWN = """(keys) => keys.every((key) =>
  document.querySelector(`[data-panel='${key}'] .panel-body`)?.textContent.includes('<script>'))"""


@pytest.fixture(scope="module")
def hostile_city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """A small district all of whose upstreams send hostile texts."""
    base = tmp_path_factory.mktemp("hostile")
    with hostile.serving() as url:
        settings = hostile.write_settings(base / "district.toml", url)
        with running(settings, base) as city:
            yield city


def test_hostile_records_are_kept_shortened_and_without_control_characters(hostile_city: Product) -> None:
    for collection in ("cases", "cameras", "sensors", "warnings", "departments", "areas"):
        records = list(hostile_city.every(collection))
        assert records, f"no {collection} were kept: {hostile_city.get('/api/v1/sources')['items']}"
        assert not [record["id"] for record in records if "\u0000" in str(record) or "\u202e" in str(record)]
        assert all(len(record["name"]) <= LONGEST_TEXT for record in records)


@pytest.mark.parametrize(
    ("size", "panels"), [("wall", ["alarms", "warnings", "streets"]), ("laptop", ["alarms", "warnings"])]
)
def test_hostile_texts_are_inert_and_break_no_layout(
    hostile_city: Product, open_wall: OpenWall, size: str, panels: list[str]
) -> None:
    page = open_wall(f"{hostile_city.url}/wall", size, waits=False, has_pictures=False).page
    page.wait_for_function(SHOWN, arg=panels, timeout=60_000)  # an alarm waits for its delay
    assert page.evaluate(HARMLESS)
    assert faults(page) == {}


@pytest.mark.parametrize("collection", ["alarms", "cases", "warnings", "areas", "departments", "sources"])
def test_the_sheet_of_a_hostile_record_is_inert(hostile_city: Product, open_wall: OpenWall, collection: str) -> None:
    record = next(hostile_city.every(collection))
    page = open_wall(f"{hostile_city.url}{hostile_city.address(record)}", waits=False, has_pictures=False).page
    page.wait_for_selector("#sheet:not([hidden]) h2")
    assert "没有" not in page.inner_text("#sheet h2")
    assert page.evaluate(HARMLESS)
    assert page.evaluate("document.getElementById('sheet').scrollWidth <= document.getElementById('sheet').clientWidth")
