"""Cases as GeoReport v2: windows, states, services, and refusals as the specification wants them."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

import pytest

from tests.web.browser_double import Client
from tests.web.shared_city import FOREIGN, NARROW_TOKEN, WIDE_TOKEN

ROOT = "/share/open311/v2"
NARROWLY, WIDELY = {"x-api-key": NARROW_TOKEN}, {"x-api-key": WIDE_TOKEN}


def ask(reader: Client, path: str, headers: dict[str, str] = WIDELY, status: int = 200) -> Any:
    answer = reader.get(f"{ROOT}/{path}", headers=headers)
    assert answer.status_code == status, answer.text
    return answer.json()


def test_discovery_says_where_it_is(reader: Client) -> None:
    assert ask(reader, "discovery.json")["endpoints"][0]["url"] == f"http://localhost:8050{ROOT}"
    root = ElementTree.fromstring(reader.get(f"{ROOT}/discovery.xml", headers=WIDELY).content)
    assert root.findtext("endpoints/endpoint/formats/format") == "text/xml"


def test_a_service_narrows_the_requests(reader: Client) -> None:
    codes = [each["service_code"] for each in ask(reader, "services.json")]
    found = ask(reader, f"requests.json?service_code={codes[0]}")
    assert {each["service_code"] for each in found} == {codes[0]}
    assert len(ask(reader, f"requests.json?service_code={','.join(codes)}")) == 4


def test_requests_are_chosen_by_time_state_and_name(reader: Client) -> None:
    assert len(ask(reader, "requests.json")) == 4
    assert ask(reader, "requests.json?status=closed") == []
    late = ask(reader, "requests.json?start_date=2026-08-09T04:30:00Z&end_date=2026-08-09T05:30:00%2B00:00")
    assert [each["service_request_id"] for each in late] == ["case-mine"]
    named = ask(reader, f"requests.json?service_request_id=case-mine,case-{FOREIGN}-street", NARROWLY)
    assert [each["service_request_id"] for each in named] == ["case-mine"]
    assert len(ask(reader, "requests.json?page=2&page_size=3")) == 1


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("requests.json?start_date=2026-01-01T00:00:00Z&end_date=2026-08-01T00:00:00Z", 400),
        ("requests.json?start_date=yesterday", 400),
        ("requests.json?start_date=0001-01-01T00:00:00%2B08:00", 400),
        ("requests.json?status=lost", 400),
        ("requests/none.json", 404),
        ("services/abc.json", 404),
    ],
)
def test_a_refusal_has_a_code_and_a_description(reader: Client, path: str, status: int) -> None:
    told = ask(reader, path, status=status)
    assert told[0]["code"] == status
    assert len(told[0]["description"]) > 10
    body = reader.get(f"{ROOT}/{path.replace('.json', '.xml')}", headers=WIDELY).content
    assert ElementTree.fromstring(body).findtext("error/code") == str(status)


def test_nothing_beyond_the_scope_appears(reader: Client) -> None:
    for path in ("services", "requests"):
        for form in ("json", "xml"):
            answer = reader.get(f"{ROOT}/{path}.{form}", headers=NARROWLY)
            assert answer.status_code == 200
            assert FOREIGN not in answer.text
