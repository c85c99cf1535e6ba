"""Warnings in force told on as CAP: readable by our own kind, by the schema's rules, with their first identifiers."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from defusedxml.ElementTree import fromstring

from callbacks.routes.sharing.cap_messages import message
from situation.records import AreaClaim, WeatherWarning
from tests.web.browser_double import Client
from tests.web.shared_city import NARROW_TOKEN

HEADERS = {"x-api-key": NARROW_TOKEN}
CAP, ATOM = "{urn:oasis:names:tc:emergency:cap:1.2}", "{http://www.w3.org/2005/Atom}"
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[-+]\d\d:\d\d")


def read(reader: Client, address: str) -> ElementTree.Element:
    answer = reader.get(address.removeprefix("http://localhost:8050"), headers=HEADERS)
    assert answer.status_code == 200, answer.text
    root: ElementTree.Element = fromstring(answer.content)
    return root


def test_the_feed_lists_what_is_in_force_and_leads_to_each_message(reader: Client) -> None:
    feed = read(reader, "/share/cap/feed.atom")
    links = [entry.find(f"{ATOM}link").attrib["href"] for entry in feed.iter(f"{ATOM}entry")]
    told = [read(reader, link) for link in links]
    assert [alert.findtext(f"{CAP}status") for alert in told] == ["Actual", "Exercise"]
    assert told[0].findtext(f"{CAP}identifier") == "urn:oid:1.2/rain_7"


def test_a_message_says_what_was_issued_and_that_it_is_relayed(reader: Client) -> None:
    alert = read(reader, "/share/cap/urn%3Aoid%3A1.2%2Frain%207.xml")
    infos = alert.findall(f"{CAP}info")
    assert [info.findtext(f"{CAP}language") for info in infos] == ["zh-CN", "en-US"]
    assert "Relayed by OneScreen" in (alert.findtext(f"{CAP}note") or "")
    assert infos[0].findtext(f"{CAP}description") == "六小时降水 50 毫米以上 & 持续"
    area = infos[0].find(f"{CAP}area")
    assert area is not None
    assert area.findtext(f"{CAP}polygon") == "31.3,121.4 31.3,121.5 31.5,121.5 31.3,121.4"
    assert area.findtext(f"{CAP}circle") == "31.4,121.45 2.5"
    assert area.findtext(f"{CAP}geocode/{CAP}value") == "310113"
    for name in ("sent", "info/onset", "info/expires"):
        text = alert.findtext("/".join(f"{CAP}{part}" for part in name.split("/")))
        assert text is None or TIME.fullmatch(text)


def test_references_name_sender_identifier_and_time_of_what_is_known() -> None:
    first = WeatherWarning(id="a", source="s", sender="中国 气象", sent_at=None)
    body = message(WeatherWarning(id="b", source="s", references=("a", "lost")), {"a": first}, "us", "http://here/")
    alert = fromstring(body)
    assert alert.findtext(f"{CAP}references") is None
    assert "Replaces lost." in (alert.findtext(f"{CAP}note") or "")


def test_a_polygon_is_closed_and_odd_letters_break_nothing() -> None:
    area = AreaClaim(polygons=(((121.4, 31.3), (121.5, 31.3), (121.5, 31.5)),))
    body = message(
        WeatherWarning(id="b", source="s", headline="a\x00<&\ud800", areas=(area,)), {}, "us", "http://here/"
    )
    alert = fromstring(body)
    assert alert.findtext(f"{CAP}info/{CAP}headline") == "a<&"
    assert (alert.findtext(f"{CAP}info/{CAP}area/{CAP}polygon") or "").endswith("31.3,121.4")


def test_a_warning_that_is_not_there_is_not_found(reader: Client) -> None:
    assert reader.get("/share/cap/none.xml", headers=HEADERS).status_code == 404
