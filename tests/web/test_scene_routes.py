"""Scenes over HTTP: what may be followed, panels by choice, and pages that are scenes."""

from __future__ import annotations

from typing import Any

import pytest

from layouts.scenes import SCENES
from situation.panels import SCENE_PANELS
from tests.web.browser_double import Client


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.key)
def test_every_scene_is_a_page_on_a_desk_and_on_a_wall(client: Client, scene: Any) -> None:
    for path in (scene.path, f"/wall{scene.path}"):
        assert client.get(path).status_code == 200


def test_following_an_unknown_scene_says_which_there_are(client: Client) -> None:
    answer = client.get("/api/feed?scenes=weather,cellar")
    assert answer.status_code == 422
    assert answer.json()["value"] == "cellar"
    assert answer.json()["allowed"] == list(SCENE_PANELS)


def test_any_panel_can_be_asked_for(client: Client) -> None:
    answer = client.get("/api/panels/kpi")
    assert answer.status_code == 200
    assert answer.json()["choice"] == {}
    assert answer.json()["panel"]["values"]["cases_open"] is not None


def test_a_panel_that_does_not_exist_is_not_found(client: Client) -> None:
    assert client.get("/api/panels/nothing").status_code == 404


def test_a_choice_nobody_knows_says_what_is_allowed(client: Client) -> None:
    answer = client.get("/api/panels/kpi?mood=good")
    assert answer.status_code == 422
    assert (answer.json()["key"], answer.json()["allowed"]) == ("mood", [])
