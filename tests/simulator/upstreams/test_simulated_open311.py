"""GeoReport v2: windows, filters, pages, both formats, and errors as the specification has them."""

from __future__ import annotations

from datetime import datetime, timedelta
from xml.etree import ElementTree

import pytest
from conftest import District
from tiny_district import START

CENTRE = "/case-centre/requests.json"


def _rows(district: District, path: str = CENTRE, **parameters: str) -> list[dict]:
    return district.get(path, **parameters).raise_for_status().json()


def test_a_request_has_the_fields_of_the_specification(district: District) -> None:
    row = _rows(district)[0]
    assert row | {"service_request_id": "C00000", "status": "open", "service_code": "0101", "lat": 31.4} == row
    assert {"requested_datetime", "updated_datetime", "expected_datetime", "address", "long", "media_url"} <= row.keys()


def test_tasks_tell_the_way_of_a_case(district: District) -> None:
    row = _rows(district, service_request_id="C00004")[0]
    tasks = row["extended_attributes"]["tasks"]
    assert [task["task_type"] for task in tasks] == ["上报", "立案", "派遣", "处置", "结案"]
    assert tasks[0]["task_modified"] == tasks[1]["task_created"]
    assert {task["task_state"] for task in tasks} == {"completed"}


def test_last_task_of_an_open_case_is_open(district: District) -> None:
    tasks = _rows(district)[0]["extended_attributes"]["tasks"]
    assert tasks[-1]["task_state"] == "open"


def test_one_department_knows_only_open_and_closed(district: District) -> None:
    rows = _rows(district, "/market-cases/requests.json")
    assert {row["status"] for row in rows} == {"closed"}
    assert not any("extended_attributes" in row for row in rows)


def test_dates_bound_when_cases_were_requested(district: District) -> None:
    start, end = START - timedelta(hours=20), START - timedelta(hours=10)
    rows = _rows(district, start_date=start.isoformat(), end_date=end.isoformat())
    assert len(rows) == 3
    assert all(start <= datetime.fromisoformat(row["requested_datetime"]) <= end for row in rows)


def test_updated_after_brings_only_what_changed(district: District) -> None:
    since = START.isoformat().replace("+00:00", "Z")
    district.clock.advance(700)
    rows = _rows(district, updated_after=since)
    assert [row["service_request_id"] for row in rows] == ["C00000"]
    assert rows[0]["extended_attributes"]["detailed_status"] == "立案"


def test_status_filters(district: District) -> None:
    assert {row["status"] for row in _rows(district, status="open")} == {"open"}
    assert {row["status"] for row in _rows(district, status="closed")} == {"closed"}


def test_pages_and_headers_lead_through_one_result(district: District) -> None:
    url, numbers = f"{CENTRE}?page_size=50", []
    while url:
        reply = district.client.get(url)
        numbers += [row["service_request_id"] for row in reply.json()]
        url = reply.headers.get("X-Next-Page-URL", "")
        district.clock.advance(3600)
    assert len(numbers) == len(set(numbers)) == int(reply.headers["X-Result-Count"]) == 240
    assert reply.headers["X-Page-Count"] == "5"


def test_xml_has_the_roots_of_the_specification(district: District) -> None:
    requests = ElementTree.fromstring(district.get("/greening-cases/requests.xml", page_size="5").content)
    assert requests.tag == "service_requests"
    first = requests.find("request")
    assert first is not None
    assert first.findtext("description") == "友谊路 <b>垃圾</b> & 堆物"
    assert first.findtext("extended_attributes/tasks/task/task_type") == "NEW"
    assert ElementTree.fromstring(district.get("/greening-cases/services.xml").content).tag == "services"


def test_services_name_every_code(district: District) -> None:
    service = district.get("/case-centre/services.json").json()[0]
    assert (
        service | {"service_code": "0101", "service_name": "暴露垃圾", "group": "市容环境", "metadata": False}
        == service
    )


def test_definition_of_a_service(district: District) -> None:
    assert district.get("/case-centre/services/0101.json").json() == {"service_code": "0101", "attributes": []}
    definition = ElementTree.fromstring(district.get("/greening-cases/services/0101.xml").content)
    assert (definition.tag, definition.findtext("service_code")) == ("service_definition", "0101")


@pytest.mark.parametrize("parameters", [{"start_date": "yesterday"}, {"status": "lost"}, {"page": "0"}])
def test_bad_parameters_are_errors_with_code_and_description(district: District, parameters: dict[str, str]) -> None:
    reply = district.get(CENTRE, **parameters)
    assert reply.status_code == 400
    assert reply.json()[0]["code"] == 400
    assert reply.json()[0]["description"]


def test_unknown_cases_and_formats_are_not_found(district: District) -> None:
    for path in ("/case-centre/requests/C99999.json", "/case-centre/requests.xml", "/case-centre/services/9.json"):
        assert district.get(path).status_code == 404
    assert district.get("/case-centre/requests/C00004.json").json()[0]["service_request_id"] == "C00004"


def test_discovery_names_the_endpoint(district: District) -> None:
    endpoint = district.get("/case-centre/discovery.json").json()["endpoints"][0]
    assert endpoint["url"].endswith("/case-centre")


def test_nothing_is_from_the_future(district: District) -> None:
    district.clock.at = START - timedelta(days=3)
    assert all(datetime.fromisoformat(row["updated_datetime"]) <= district.clock.at for row in _rows(district))
