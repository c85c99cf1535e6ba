"""Bundles of scripts and style sheets: what a page loads at its start, and what waits until it is needed."""

from __future__ import annotations

import re
from pathlib import Path

from callbacks.bundles import LATER, START, Bundles
from tests.web.browser_double import Client

ASSETS = Path(__file__).parents[2] / "assets"
OURS = re.compile(r'(?:src|href)="(/assets/[^"]+)"')


def test_a_page_starts_with_one_script_and_one_style_sheet_of_ours(client: Client) -> None:
    start = Bundles(ASSETS).addresses()[START]
    assert sorted(OURS.findall(client.get("/").text)) == sorted(start.values())


def test_the_start_holds_every_file_that_is_not_of_a_scene_or_for_later() -> None:
    bundles = Bundles(ASSETS)
    script = bundles.find(bundles.addresses()[START]["js"].rpartition("/")[2])
    assert script is not None
    first, last = (ASSETS / "00-page.js").read_bytes(), (ASSETS / "panels" / "watched.js").read_bytes()
    assert 0 < script.body.index(first) < script.body.index(last)
    assert not any(path.read_bytes() in script.body for path in (ASSETS / LATER).glob("*.js"))


def test_a_bundle_is_served_with_its_type_and_may_be_kept_for_ever(client: Client) -> None:
    for kind, media_type in (("js", "text/javascript"), ("css", "text/css")):
        answer = client.get(Bundles(ASSETS).addresses()[START][kind])
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith(media_type)
        assert "immutable" in answer.headers["cache-control"]


def test_a_bundle_of_another_release_is_not_there(client: Client) -> None:
    assert client.get("/assets/bundle/start.000000000000.js").status_code == 404


def test_one_file_that_fails_to_start_does_not_take_the_others_with_it(tmp_path: Path) -> None:
    (tmp_path / "10-broken.js").write_text("throw new Error('broken');", encoding="utf-8")
    (tmp_path / "20-sound.js").write_text("window.isSound = true;", encoding="utf-8")
    bundles = Bundles(tmp_path)
    script = bundles.find(bundles.addresses()[START]["js"].rpartition("/")[2])
    assert script is not None
    assert script.body.count(b"try {") == script.body.count(b"reportError(error)") == 2
