"""The `rest` source against an upstream on a socket: pages, tokens, signatures, what is new, what is gone."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from fake_upstream import Faulty, Upstream
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from source_settings import Block

from datasources.asking.templates import fill, placeholders
from datasources.contract import Batch, FetchContext, SourceAuthFailed, SourceDataError, SourceError, SourceUnavailable
from datasources.http import HttpClient
from datasources.options import OptionsError
from datasources.rest.source import RestSource, build
from situation.clock import FakeClock
from situation.records import Case, Place
from situation.settings import Secret

NOW = datetime(2026, 8, 9, 6, 0, tzinfo=UTC)
Answer = Callable[[Mapping[str, str]], "bytes | Faulty"]


def rows(*numbers: int) -> list[dict[str, Any]]:
    return [{"id": number, "name": f"泵站{number}", "updated": f"2026-08-09T05:{number:02}:00Z"} for number in numbers]


def body(document: Any) -> bytes:
    return json.dumps(document, ensure_ascii=False).encode()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(NOW)


@pytest.fixture
def make(upstream: Upstream, clock: FakeClock) -> Callable[..., RestSource]:
    def source(**options: Any) -> RestSource:
        block = Block("rest", url=upstream.url, options={"path": "list", **options})
        return build(block, HttpClient(clock=clock), nonce=lambda: "n0nce")

    return source


def fetch(source: RestSource, cursor: Any = None) -> Batch:
    return source.fetch(FetchContext(now=source.http.clock.now(), cursor=cursor))


def names(batch: Batch) -> list[str]:
    return [record.name for record in batch.records]


def asked(upstream: Upstream, at: int = -1) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(upstream.asked[at]).query).items()}


def in_pages(count: int, size: int, say: Callable[[list[Any], int], bytes | Faulty]) -> Answer:
    def answer(query: Mapping[str, str]) -> bytes | Faulty:
        offset = int(query.get("offset", 0)) or (int(query.get("page", 1)) - 1) * size
        return say(rows(*range(1, count + 1))[offset : offset + size], offset)

    return answer


# --- templates ---


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("{since}", "2026-08-09T06:00:00Z"),
        ("{since:%Y-%m-%d %H:%M:%S}", "2026-08-09 14:00:00"),
        ("{since-1h:epoch}", 1786251600),
        ("gt:{since+30s:epoch_ms}", "gt:1786255230000"),
        ("{page}", 3),
        ("p{page}-{nobody}", "p3-{nobody}"),
        ("{cursor}", None),
        ("{word:md5}", hashlib.md5("密".encode()).hexdigest()),
        ('{"a": 1}', '{"a": 1}'),
        ({"a": "{page}", "b": ["{cursor}", "{page:s}"], "c": {"d": "{cursor}"}}, {"a": 3, "b": ["3"], "c": {}}),
    ],
)
def test_templates_say_times_numbers_and_nothing_where_there_is_nothing(template: Any, said: Any) -> None:
    assert fill(template, {"since": NOW, "page": 3, "cursor": None, "word": "密"}, "Asia/Shanghai") == said


@given(st.text())
def test_any_text_is_a_template(text: str) -> None:
    assert list(placeholders(text)) is not None
    assert fill(text, {"since": NOW}) is None or fill(text, {"since": NOW}) is not None
    assert fill(text, {}) == text


# --- paging ---


def test_pages_are_counted_until_one_is_empty_whatever_size_the_upstream_gives(
    upstream: Upstream, make: Callable[..., RestSource]
) -> None:
    upstream.pages["/list"] = in_pages(7, 3, lambda part, _: body(part))  # it caps pages at 3 without saying so
    batch = fetch(make(query={"offset": "{offset}", "limit": "{size}"}, paging={"kind": "offset", "size": 100}))
    assert len(batch.records) == 7
    assert batch.complete == {"place"}
    assert [asked(upstream, n)["offset"] for n in range(4)] == ["0", "3", "6", "7"]


@pytest.mark.parametrize("end", [{"total": "total"}, {"pages": "pages"}])
def test_nothing_is_asked_beyond_the_end_that_the_upstream_tells(
    upstream: Upstream, make: Callable[..., RestSource], end: dict[str, str]
) -> None:
    upstream.pages["/list"] = in_pages(6, 3, lambda part, _: body({"total": 6, "pages": 2, "list": part}))
    batch = fetch(make(rows="list", query={"page": "{page}"}, paging={"kind": "page", "size": 3, **end}))
    assert (len(batch.records), len(upstream.asked)) == (6, 2)


def test_a_page_past_the_end_that_does_not_exist_is_the_end(
    upstream: Upstream, make: Callable[..., RestSource]
) -> None:
    upstream.pages["/list"] = in_pages(6, 3, lambda part, _: body(part) if part else Faulty(404))
    assert len(fetch(make(query={"page": "{page}"}, paging={"kind": "page"})).records) == 6


def test_no_content_is_an_empty_list(upstream: Upstream, make: Callable[..., RestSource]) -> None:
    upstream.pages["/list"] = lambda _: Faulty(204)
    batch = fetch(make())
    assert (batch.records, batch.complete) == ((), {"place"})


def test_an_upstream_that_knows_no_pages_gives_its_list_once(
    upstream: Upstream, make: Callable[..., RestSource]
) -> None:
    upstream.pages["/list"] = body(rows(1, 2))
    assert len(fetch(make(query={"page": "{page}"}, paging={"kind": "page"})).records) == 2


def test_a_list_goes_on_by_cursor(upstream: Upstream, make: Callable[..., RestSource]) -> None:
    parts = {None: (rows(1), "b"), "b": (rows(2), "c"), "c": (rows(3), None)}
    upstream.pages["/list"] = lambda query: body(dict(zip(("list", "next"), parts[query.get("after")], strict=True)))
    batch = fetch(make(rows="list", query={"after": "{cursor}"}, paging={"kind": "cursor", "next": "next"}))
    assert names(batch) == ["泵站1", "泵站2", "泵站3"]
    assert "after" not in asked(upstream, 0)


@pytest.mark.parametrize("kind", ["link", "header", "next"])
def test_a_list_goes_on_by_the_address_that_is_told_also_with_blanks_in_it(
    upstream: Upstream, make: Callable[..., RestSource], kind: str
) -> None:
    def answer(query: Mapping[str, str]) -> bytes | Faulty:
        number = int(query.get("page", 1))
        following = f"/list?page={number + 1}&order=name desc" if number < 3 else ""
        headers = {
            "link": {"Link": f'<{following}>; rel="next", </list>; rel="first"'},
            "header": {"X-Next-Page-URL": f"{upstream.url}{following}"},
        }.get(kind, {})
        return Faulty(200, body({"list": rows(number), "next": following or None}), headers if following else {})

    upstream.pages["/list"] = answer
    batch = fetch(make(rows="list", paging={"kind": kind, "next": "next"}))
    assert names(batch) == ["泵站1", "泵站2", "泵站3"]


def test_a_list_that_leads_in_a_circle_or_never_ends_is_an_error_and_removes_nothing(
    upstream: Upstream, make: Callable[..., RestSource]
) -> None:
    upstream.pages["/list"] = lambda query: body({"list": rows(1), "next": "/list?page=2"})
    with pytest.raises(SourceDataError) as caught:
        fetch(make(rows="list", paging={"kind": "next", "next": "next"}))
    assert caught.value.safe_text == "paging_loop"
    upstream.pages["/list"] = lambda query: body(rows(int(query["page"])))
    with pytest.raises(SourceDataError) as caught:
        fetch(make(query={"page": "{page}"}, paging={"kind": "page", "most_pages": 5}))
    assert caught.value.safe_text == "too_many_pages"


def test_a_next_page_on_another_host_is_never_asked(upstream: Upstream, make: Callable[..., RestSource]) -> None:
    upstream.pages["/list"] = body({"list": rows(1), "next": "http://192.0.2.1/steal"})
    with pytest.raises(SourceDataError) as caught:
        fetch(make(rows="list", paging={"kind": "next", "next": "next"}, auth={"kind": "bearer", "token": "t"}))
    assert caught.value.safe_text == "foreign_host"


# --- who asks ---


@pytest.mark.parametrize(
    ("auth", "header", "said"),
    [
        ({"kind": "basic", "username": "u", "password": "p"}, "Authorization", "Basic dTpw"),
        ({"kind": "bearer", "token": "t0k"}, "Authorization", "Bearer t0k"),
        ({"kind": "api_key", "api_key": "k3y"}, "X-API-Key", "k3y"),
        ({"kind": "bearer", "token": "t0k", "name": "access-token"}, "access-token", "t0k"),
        ({"kind": "api_key", "api_key": "k3y", "name": "Authorization", "prefix": "APPCODE "}, "Authorization",
         "APPCODE k3y"),
    ],
)  # fmt: skip
def test_fixed_secrets_go_where_they_are_told(
    upstream: Upstream, make: Callable[..., RestSource], auth: dict[str, Any], header: str, said: str
) -> None:
    upstream.pages["/list"] = body(rows(1))
    fetch(make(auth=auth))
    assert upstream.asked_headers[-1][header] == said


def test_a_digest_login_is_given_when_it_is_asked_for(upstream: Upstream, make: Callable[..., RestSource]) -> None:
    challenge = {"WWW-Authenticate": 'Digest realm="cams", nonce="abc", qop="auth", algorithm=MD5'}

    def answer(query: Mapping[str, str]) -> bytes | Faulty:
        given = upstream.asked_headers[-1].get("Authorization", "")
        return body(rows(1)) if given.startswith('Digest username="u"') else Faulty(401, b"", challenge)

    upstream.pages["/list"] = answer
    assert len(fetch(make(auth={"kind": "digest", "username": "u", "password": "p"})).records) == 1


def test_a_name_may_be_asked_several_times(upstream: Upstream, make: Callable[..., RestSource]) -> None:
    upstream.pages["/list"] = body(rows(1))
    fetch(make(query={"status": ["open", "closed"], "since": "{since}"}))
    assert urlsplit(upstream.asked[-1]).query == "status=open&status=closed"


def test_a_key_in_the_query_goes_with_every_page(upstream: Upstream, make: Callable[..., RestSource]) -> None:
    upstream.pages["/list"] = lambda query: body(
        {"list": rows(1 + len(upstream.asked)), "next": "/list?page=2&ak=old" if "page" not in query else None}
    )
    auth = {"kind": "api_key", "api_key": "k&y", "place": "query", "name": "ak"}
    fetch(make(rows="list", paging={"kind": "next", "next": "next"}, auth=auth))
    assert [asked(upstream, n)["ak"] for n in (0, 1)] == ["k&y", "k&y"]
    assert "old" not in upstream.asked[1]


def needs(token: Callable[[], str], upstream: Upstream, place: str = "Authorization") -> Answer:
    def answer(query: Mapping[str, str]) -> bytes | Faulty:
        is_right = upstream.asked_headers[-1].get(place) == token()
        return body({"code": 0, "data": rows(1)}) if is_right else Faulty(401, body({"code": 401}))

    return answer


def test_a_token_is_asked_for_once_kept_while_it_holds_and_got_anew_before_it_ends(
    upstream: Upstream, make: Callable[..., RestSource], clock: FakeClock
) -> None:
    given = []

    def token(query: Mapping[str, str]) -> bytes:
        given.append(query["body"])
        return body({"access_token": f"t{len(given)}", "token_type": "bearer", "expires_in": 300})

    upstream.pages["/oauth/token"] = token
    upstream.pages["/list"] = needs(lambda: f"Bearer t{len(given)}", upstream)
    auth = {"kind": "oauth2", "token_url": "oauth/token", "client_id": "one", "client_secret": "s", "scope": "read"}
    source = make(rows="data", auth=auth)
    fetch(source)
    fetch(source)
    assert given == ["grant_type=client_credentials&scope=read"]
    clock.monotonic_s += 280
    fetch(source)
    assert len(given) == 2


@pytest.mark.parametrize("refusal", [Faulty(401), Faulty(200, b'{"code": 40101, "msg": "token expired"}')])
def test_a_refused_token_is_got_anew_once_also_where_the_refusal_is_inside_a_good_reply(
    upstream: Upstream, make: Callable[..., RestSource], refusal: Faulty
) -> None:
    given: list[str] = []

    def login(query: Mapping[str, str]) -> bytes:
        given.append(query["body"])
        return body({"data": {"token": f"t{len(given)}"}})

    def answer(query: Mapping[str, str]) -> bytes | Faulty:
        is_right = upstream.asked_headers[-1].get("access-token") == "t2"
        return body({"code": 0, "data": rows(1)}) if is_right else refusal

    upstream.pages["/login"] = login
    upstream.pages["/list"] = answer
    auth = {
        "kind": "login",
        "username": "wall",
        "password": "secret",
        "name": "access-token",
        "login": {
            "path": "login",
            "body": {"username": "{username}", "password": "{password:md5}"},
            "token_at": "data.token",
        },
    }
    source = make(rows="data", auth=auth, ok={"path": "code", "equals": 0, "auth": [40101]})
    with pytest.raises(SourceAuthFailed):
        fetch(source)  # refused just after the login: asking again at once would only lock the account
    assert len(fetch(source).records) == 1
    assert json.loads(given[0]) == {"username": "wall", "password": hashlib.md5(b"secret").hexdigest()}
    assert len(given) == 2


def test_an_expired_token_costs_no_fetch(upstream: Upstream, make: Callable[..., RestSource]) -> None:
    given: list[int] = []
    valid = [1]

    def login(query: Mapping[str, str]) -> Faulty:
        given.append(1)
        return Faulty(200, b"{}", {"Set-Cookie": f"JSESSIONID=s{len(given)}; Path=/; HttpOnly"})

    upstream.pages["/login"] = login
    upstream.pages["/list"] = needs(lambda: f"JSESSIONID=s{valid[0]}", upstream, "Cookie")
    login_options = {"path": "login", "method": "GET", "query": {"u": "{username}"}, "cookie": "JSESSIONID"}
    source = make(rows="data", auth={"kind": "login", "username": "wall", "login": login_options})
    assert len(fetch(source).records) == 1
    valid[0] = 2
    assert len(fetch(source).records) == 1
    assert given == [1, 1]


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (Faulty(400, b'{"error": "invalid_client"}'), SourceAuthFailed),
        (Faulty(200, b'{"msg": "no"}'), SourceAuthFailed),
        (Faulty(503), SourceUnavailable),
        (Faulty(200, b"<html>"), SourceDataError),
    ],
)
def test_a_login_that_fails_says_whose_fault_it_is(
    upstream: Upstream, make: Callable[..., RestSource], reply: Faulty, error: type[Exception]
) -> None:
    upstream.pages["/token"] = lambda _: reply
    with pytest.raises(error):
        fetch(make(auth={"kind": "oauth2", "token_url": "token", "client_id": "a", "client_secret": "b"}))


def test_a_request_is_signed_as_the_recipe_says(upstream: Upstream, make: Callable[..., RestSource]) -> None:
    upstream.pages["/list"] = body(rows(1))
    sign = {
        "text": "{method}\n{path}\n{query}\n{timestamp:epoch_ms}\n{nonce}\n{body_sha256}",
        "headers": {"X-Ts": "{timestamp:epoch_ms}", "X-Nonce": "{nonce}", "Authorization": "HMAC {key_id}:{signature}"},
        "encoding": "HEX",
    }
    auth = {"kind": "sign", "key_id": "wall", "secret": "s3cret", "sign": sign}
    fetch(make(method="POST", query={"b": "水 位", "a": "1"}, body={"size": 5}, auth=auth))
    headers, sent = upstream.asked_headers[-1], upstream.posted[-1]
    text = "\n".join(
        ["POST", "/list", "a=1&b=%E6%B0%B4%20%E4%BD%8D", headers["X-Ts"], "n0nce", hashlib.sha256(sent).hexdigest()]
    )
    expected = hmac.new(b"s3cret", text.encode(), "sha256").hexdigest().upper()
    assert headers["Authorization"] == f"HMAC wall:{expected}"
    assert sent == b'{"size": 5}'


def test_a_plain_digest_over_key_time_and_secret_is_a_recipe_too(
    upstream: Upstream, make: Callable[..., RestSource]
) -> None:
    upstream.pages["/list"] = body(rows(1))
    sign = {
        "text": "{key_id}{timestamp:%Y%m%d%H%M%S}{secret}",
        "query": {"appKey": "{key_id}", "ts": "{timestamp:%Y%m%d%H%M%S}", "sign": "{signature}"},
        "digest": "md5",
        "keyed": False,
    }
    fetch(make(auth={"kind": "sign", "key_id": "wall", "secret": "s3cret", "sign": sign}))
    expected = hashlib.md5(b"wall20260809140000s3cret").hexdigest()
    assert asked(upstream) == {"appKey": "wall", "ts": "20260809140000", "sign": expected}


@pytest.mark.parametrize("fault", ["401", "html200", "503", "404", "reset"])
def test_no_secret_is_in_an_error_a_log_or_a_picture_of_the_source(
    upstream: Upstream, make: Callable[..., RestSource], fault: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    upstream.pages["/token"] = body({"access_token": "t0psecret"})
    auth = {
        "kind": "oauth2",
        "token_url": "token",
        "client_id": "a",
        "client_secret": Secret("t0psecret"),
        "place": "query",
        "name": "ak",
    }
    source = make(auth=auth, headers={"X-Pass": Secret("t0psecret")})
    upstream.pages["/list"] = body(rows(1))
    fetch(source)
    upstream.fault = fault
    with pytest.raises((SourceAuthFailed, SourceDataError, SourceUnavailable)) as caught:
        fetch(source)
    # urllib3's own lines name whole addresses; they are far below what the product logs
    lines = [line.getMessage() for line in caplog.records if not line.name.startswith("urllib3")]
    told = f"{caught.value!s} {caught.value.safe_text} {source!r} {lines}"
    assert "t0psecret" not in told


# --- what is new, what is gone ---


def test_a_list_that_did_not_change_is_not_read_again(upstream: Upstream, make: Callable[..., RestSource]) -> None:
    upstream.pages["/list"] = body(rows(1))
    upstream.headers["ETag"] = '"v1"'
    source = make()
    first = fetch(source)
    assert first.complete == {"place"}
    again = fetch(source, first.cursor)
    assert (again.not_modified, again.cursor) == (True, first.cursor)


def test_only_what_is_new_is_asked_for_with_an_overlap_and_nothing_is_taken_for_gone(
    upstream: Upstream, make: Callable[..., RestSource], clock: FakeClock
) -> None:
    upstream.pages["/list"] = body(rows(10, 20))
    source = make(
        query={"from": "{since:%Y-%m-%d %H:%M:%S}"},
        incremental={"field": "updated", "overlap_s": 120, "backfill_s": 86400},
    )
    assert source.manifest.resumes
    first = fetch(source)
    assert asked(upstream)["from"] == "2026-08-08 14:00:00"
    assert first.complete == frozenset()
    second = fetch(source, json.loads(json.dumps(first.cursor)))
    assert asked(upstream)["from"] == "2026-08-09 13:18:00"
    upstream.pages["/list"] = body([])
    assert fetch(source, second.cursor).cursor == second.cursor


def test_everything_is_asked_for_now_and_then_so_that_what_is_gone_is_noticed(
    upstream: Upstream, make: Callable[..., RestSource], clock: FakeClock
) -> None:
    upstream.pages["/list"] = body(rows(10, 20))
    source = make(query={"from": "{since}"}, incremental={"field": "updated", "full_every_s": 3600})
    first = fetch(source)
    assert (asked(upstream), first.complete) == ({}, {"place"})
    clock.at += timedelta(minutes=30)
    second = fetch(source, first.cursor)
    assert (asked(upstream), second.complete) == ({"from": "2026-08-09T05:19:00Z"}, frozenset())
    clock.at += timedelta(minutes=31)
    assert fetch(source, second.cursor).complete == {"place"}


def test_a_wrong_clock_upstream_does_not_hide_what_comes_until_then(
    upstream: Upstream, make: Callable[..., RestSource]
) -> None:
    ahead = [{"id": 2, "updated": "2027-01-01T00:00:00Z"}]
    upstream.pages["/list"] = body([*rows(10), *ahead])
    batch = fetch(make(query={"from": "{since}"}, incremental={"field": "updated"}))
    assert batch.cursor["since"].startswith("2026-08-09T05:10")


def test_numbers_and_texts_can_be_what_grows(upstream: Upstream, make: Callable[..., RestSource]) -> None:
    upstream.pages["/list"] = body(rows(9, 10))
    source = make(method="POST", body={"after": "{since}"}, incremental={"field": "id", "type": "number"})
    first = fetch(source)
    assert json.loads(upstream.posted[-1]) == {}
    fetch(source, first.cursor)
    assert json.loads(upstream.posted[-1]) == {"after": 10}


def test_several_paths_are_one_list_and_a_broken_one_removes_nothing(
    upstream: Upstream, make: Callable[..., RestSource]
) -> None:
    upstream.pages |= {"/a": body(rows(1)), "/b": body(rows(2))}
    assert len(fetch(make(path="", paths=("a", "b"))).records) == 2
    del upstream.pages["/b"]
    with pytest.raises(SourceDataError):
        fetch(make(path="", paths=("a", "b")))


def test_an_update_on_a_later_page_takes_the_place_of_what_it_refers_to(
    upstream: Upstream, make: Callable[..., RestSource]
) -> None:
    pages = {"1": [{"id": "a"}], "2": [{"id": "b", "message_type": "Update", "references": ["a"]}], "3": []}
    upstream.pages["/list"] = lambda query: body(pages[query["page"]])
    batch = fetch(make(record="warning", query={"page": "{page}"}, paging={"kind": "page"}, id_prefix=""))
    assert [getattr(record, "superseded_by", None) for record in batch.records] == ["b", ""]


# --- formats through the whole source ---


def test_xml_of_a_soap_like_interface_is_asked_for_by_post_and_read(
    upstream: Upstream, make: Callable[..., RestSource]
) -> None:
    upstream.pages["/list"] = (
        '<?xml version="1.0" encoding="GBK"?><resp><code>0</code><cases><case no="7"><state>处置</state>'
        "<time>2026-08-09 13:00:00</time></case></cases></resp>"
    ).encode("gbk")
    source = make(
        method="POST",
        headers={"Content-Type": "text/xml; charset=utf-8"},
        body='<req from="{now-1d:%Y-%m-%d}"/>',
        body_form="text",
        format="xml",
        rows="cases/case",
        ok={"path": "code", "equals": 0},
        record="case",
        fields={"id": "@no", "reported_at": "time"},
    )
    (case,) = fetch(source).records
    assert isinstance(case, Case)
    assert (case.state, case.reported_at) == ("in_progress", NOW - timedelta(hours=1))
    assert upstream.posted[-1] == b'<req from="2026-08-08"/>'
    assert upstream.asked_headers[-1]["Content-Type"] == "text/xml; charset=utf-8"


def test_rows_that_lie_outside_are_turned_round_and_geojson_is_read(
    upstream: Upstream, make: Callable[..., RestSource]
) -> None:
    feature = {
        "type": "Feature",
        "id": 1,
        "geometry": {"type": "Point", "coordinates": [31.4, 121.45]},
        "properties": {},
    }
    upstream.pages["/list"] = body({"type": "FeatureCollection", "features": [feature]})
    (place,) = fetch(make(format="geojson")).records
    assert isinstance(place, Place)
    assert (place.lon, place.lat) == (121.45, 31.4)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"query": {"a": "{sinc}"}}, r"no \{sinc\} is known; known: .*since"),
        ({"auth": {"kind": "login", "username": "u"}}, "kind login needs login"),
        ({"auth": {"kind": "bearer", "tokn": "u"}}, "did you mean token"),
        ({"paging": {"kind": "next"}}, "needs next"),
        ({"body": {"a": 1}}, "needs method"),
        ({"auth": {"kind": "sign", "secret": "s", "sign": {"text": "x"}}}, r"needs \{signature\}"),
        ({"incremental": {"field": "a[?"}}, "neither a column nor JMESPath"),
    ],
)
def test_a_wrong_option_is_said_before_anything_starts(
    make: Callable[..., RestSource], options: dict[str, Any], told: str
) -> None:
    with pytest.raises(OptionsError, match=told):
        make(**options)


scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
names_of_parts = st.sampled_from(["list", "next", "total", "code", "id", "updated", "lon", "a"])
anything = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names_of_parts, inner, max_size=4),
    max_leaves=12,
)


@given(
    documents=st.lists(anything, min_size=1, max_size=3),
    kind=st.sampled_from(["none", "page", "offset", "cursor", "link", "header", "next"]),
    cursor=anything,
)
@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_an_upstream_says_is_a_batch_or_one_of_the_three_errors(
    upstream: Upstream, make: Callable[..., RestSource], documents: list[Any], kind: str, cursor: Any
) -> None:
    asked_before = len(upstream.asked)
    upstream.pages["/list"] = lambda _: body(documents[(len(upstream.asked) - asked_before - 1) % len(documents)])
    source = make(
        rows="list",
        paging={"kind": kind, "next": "next", "total": "total", "most_pages": 5},
        incremental={"field": "updated"},
        ok={"path": "code", "equals": 0},
    )
    with contextlib.suppress(SourceError):
        assert json.dumps(fetch(source, cursor).cursor)
