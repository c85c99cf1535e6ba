"""Which records a collection gives: rows behind numbers, shapes, and both with the other filters."""

from __future__ import annotations

import pytest

from situation.numbers import NUMBERS, ROWS
from tests.web.browser_double import Client

COLLECTION_OF = {"case": "cases", "camera": "cameras", "sensor": "sensors", "alarm": "alarms", "warning": "warnings",
                 "source": "sources", "department": "departments"}  # fmt: skip
HALF = "121.425,31.3;121.6,31.3;121.6,31.5;121.425,31.5"


@pytest.mark.parametrize("number", [one for one in NUMBERS if one.of and not one.measure], ids=lambda one: one.key)
def test_the_total_of_the_rows_is_the_number_on_the_wall(client: Client, number: object) -> None:
    key = number.key  # type: ignore[attr-defined]
    shown = client.get("/api/v1/situation").json()["kpis"][key]
    answer = client.get(f"/api/v1/{COLLECTION_OF[ROWS[key].kind]}?number={key}").json()
    assert answer["total"] == (shown or 0)
    assert len(answer["items"]) == answer["total"]


def test_rows_behind_a_number_can_be_narrowed_and_paged(client: Client) -> None:
    every = client.get("/api/v1/cameras?number=cameras_total").json()
    assert every["total"] == 5
    east = client.get(f"/api/v1/cameras?number=cameras_total&polygon={HALF}").json()
    assert [item["id"] for item in east["items"]] == ["c2", "c3", "c4"]
    page = client.get(f"/api/v1/cameras?number=cameras_total&polygon={HALF}&limit=2").json()
    assert page["next"] is not None
    rest = client.get(page["next"]).json()
    assert [item["id"] for item in page["items"] + rest["items"]] == ["c2", "c3", "c4"]
    assert rest["next"] is None
    assert client.get("/api/v1/cameras?number=cameras_total&status=offline").json()["total"] == 0


def test_an_area_holds_what_lies_in_those_below_it(client: Client) -> None:
    """No street of the small city names its district: there the ground tells."""
    assert client.get("/api/v1/cameras?area=310113").json()["total"] == 5
    assert client.get(f"/api/v1/cameras?area=310113&polygon={HALF}").json()["total"] == 3
    assert client.get("/api/v1/cameras?area=310113&bbox=121.405,31,121.415,32").json()["total"] == 1
    assert client.get("/api/v1/cameras?area=310113001&number=cameras_total").json()["total"] == 5
    assert client.get("/api/v1/cameras?area=999999").json()["total"] == 0
    assert client.get("/api/v1/departments?area=310113").json()["total"] == 0


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("cameras?number=cases_open", "cameras_online"),
        ("cameras?number=nonsense", "cameras_online"),
        ("forecasts?number=cases_open", "none"),
        ("cameras?polygon=1,2;3,4", "corners"),
        ("cameras?polygon=a,b;1,2;3,4", "degrees"),
        ("cameras?circle=121,31", "circle is"),
        ("cameras?circle=121,31,0", "circle is"),
        ("cameras?circle=121,31,nan", "circle is"),
        ("cameras?circle=121,31,9e9", "circle is"),
        ("cameras?circle=121,31,5&polygon=1,2;3,4;5,6", "either"),
        ("departments?circle=121,31,5", "no position"),
    ],
)
def test_what_makes_no_sense_is_refused_with_what_would(client: Client, path: str, says: str) -> None:
    answer = client.get(f"/api/v1/{path}")
    assert answer.status_code == 422
    assert says in answer.text
