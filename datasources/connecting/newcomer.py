"""`python -m datasources new`: looks at what an address really answers and writes the block for it."""

from __future__ import annotations

import argparse
import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from datasources.connecting.again import unsteady
from datasources.connecting.block import Block
from datasources.connecting.columns import Guess
from datasources.connecting.finding import Found, find_rows
from datasources.connecting.going_on import Ask, Rest, find_rest
from datasources.connecting.mapped_block import Written, write_mapping
from datasources.connecting.secret_query import secrets_of, without_secrets
from datasources.connecting.standards import ONVIF, STANDARDS, Seen, Standard, is_web, paths_to_ask, recognised
from datasources.contract import SourceAuthFailed, SourceDataError, SourceError, SourceUnavailable
from datasources.http import HttpClient, Reply
from datasources.onvif.device import speaks_onvif
from datasources.registry import KINDS
from situation.clock import Clock
from situation.settings import Settings

LOOK_S = 10.0
PAGES_S = 30.0
AT_ONCE = 4
"""Usual addresses asked side by side: small servers queue no more than five."""

BY_ROWS = frozenset({"rest", "geojson", "table"})
"""Kinds whose options are guessed from rows."""

BYTE_CAP = 16 * 1024 * 1024
_JPEG = b"\xff\xd8\xff"
_ANSWERS = frozenset({400, 401, 403, 404, 405, 406, 500})
_STREAM = "put it into a list and connect that: docs/kinds/cameras.md"
_KEY = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_REFERENCE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")

_BY_SCHEME: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "mqtt": ("mqtt", ('topics = ["#"]   # narrower is better; then the mapping: docs/mapping.md',)),
    "mqtts": ("mqtt", ('topics = ["#"]   # narrower is better; then the mapping: docs/mapping.md',)),
    "sftp": ("files", ('folder = "/upload"', 'pattern = ["*.csv"]   # then the mapping: docs/mapping.md')),
    "file": ("files", ('pattern = ["*.csv"]   # then the mapping: docs/mapping.md',)),
    **dict.fromkeys(
        ("postgresql", "mysql", "mariadb", "sqlite"),
        (
            "sql",
            (
                'database = "${%s_DATABASE}"   # the address with user and password',
                'query = "SELECT id, name, lon, lat FROM … WHERE updated_at > :since"',
                'since_column = "updated_at"',
            ),
        ),
    ),
}
"""Scheme of an address → kind and first lines of its options, for what can't be looked at by GET."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody wants connected. `headers` are sent when looking; secrets in them are already opened."""

    key: str
    url: str
    kind: str = ""
    record: str = ""
    department: str = ""
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, options: argparse.Namespace, environ: Mapping[str, str], settings: Settings | None = None) -> Wish:
        """From the command line; raises ValueError for what can't be meant."""
        if not _KEY.fullmatch(options.name):
            raise ValueError(
                f"{options.name!r} can't be a key: small letters, digits, - and _, for example river-levels"
            )
        if options.append and settings is not None and settings.source(options.name) is not None:
            raise ValueError(f"the settings have a source {options.name} already; choose another key")
        if not options.url:
            raise ValueError("new needs --url, the address of the system (or --python for an adapter of your own)")
        if options.append and options.settings is None:
            raise ValueError("--append needs --settings, the file to write into")
        headers = dict(_header(each, environ) for each in options.header)
        return cls(
            key=options.name,
            url=options.url,
            kind=options.kind,
            record=options.record,
            department=options.department,
            headers=headers,
        )

    @property
    def variable(self) -> str:
        """How variables of the environment for its secrets begin."""
        return re.sub(r"\W", "_", self.key).upper()


def block_for(wish: Wish, settings: Settings | None, clock: Clock) -> str:
    """The block for a system, with comments; raises SourceError when it can't be looked at at all."""
    scheme = urlsplit(wish.url).scheme.partition("+")[0]
    if not is_web(wish.url):
        if scheme not in _BY_SCHEME:
            raise ValueError(f"{wish.url.partition(':')[0]}: no address that anything is known about")
        kind, lines = _BY_SCHEME[scheme]
        return _plain(wish, kind, "" if kind == "sql" else wish.url, lines)
    http = HttpClient(clock=clock, byte_cap=BYTE_CAP)
    if wish.kind and wish.kind not in BY_ROWS:
        named = next((each for each in STANDARDS if each.kind == wish.kind), None)
        return _plain(wish, wish.kind, wish.url, ()) if named is None else _of_standard(wish, named, settings)
    standard, seen, failure = _look(wish, http)
    if standard is not None:
        return _of_standard(wish, standard, settings)
    if seen is None:
        raise _told(failure)
    if seen.reply.body.startswith(_JPEG):
        return _of_picture(wish)
    return _of_rows(wish, seen, settings, http)


def _look(wish: Wish, http: HttpClient) -> tuple[Standard | None, Seen | None, SourceError]:
    """What the address is: a standard, or else its reply, or else why there is none."""
    seen, failure = _ask(wish, http, "")
    if wish.kind:
        return None, seen, failure
    if seen is not None and (found := recognised(seen, "")) is not None:
        return found, seen, failure
    if seen is None and not failure.safe_text.startswith(("http_status", "auth_failed")):
        return None, None, failure  # nobody is there, or it sends without end: nothing more is to be learned
    if seen is not None and seen.reply.body.startswith(_JPEG):
        return None, seen, failure
    paths = paths_to_ask()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(lambda path: _ask(wish, http, path), paths))
    for path, (answer, _) in zip(paths, answers, strict=True):
        found = None if answer is None else recognised(answer, path)
        if found is not None and not (found.is_faint and _is_refusal(failure) and found.base(wish.url) == wish.url):
            return found, seen, failure
    if speaks_onvif(wish.url.partition("?")[0], http, http.clock.monotonic() + LOOK_S):
        return ONVIF, seen, failure
    return None, seen, failure


def _ask(wish: Wish, http: HttpClient, path: str) -> tuple[Seen | None, SourceError]:
    url = wish.url if not path else f"{wish.url.partition('?')[0].rstrip('/')}/{path}"
    deadline_s = http.clock.monotonic() + LOOK_S
    try:
        # usual addresses may refuse us in a way that tells what they are; the one that was named must answer
        tolerated = _ANSWERS if path else frozenset()
        reply = http.get(url, headers=wish.headers, deadline_s=deadline_s, tolerate=tolerated)
    except SourceError as error:
        return None, error
    return Seen.of(reply), SourceUnavailable("empty")


def _told(failure: SourceError) -> SourceError:
    """The failure, with what else it may mean."""
    if failure.safe_text in ("timeout", "too_large", "unreachable"):
        hint = f"if it is a stream of pictures (MJPEG, FLV): {_STREAM}"
        return SourceUnavailable(failure.safe_text, f"{failure.safe_text}: {failure}; {hint}")
    if _is_refusal(failure):
        hint = "look with --header 'NAME: ${SECRET}'; then [sources.options.auth], also for a login: docs/kinds/rest.md"
        return SourceAuthFailed(failure.safe_text, f"{failure.safe_text}: {failure}; {hint}")
    if failure.safe_text == "http_status:404":
        hint = "nor is a system we know at its usual addresses below; name that of an interface, as its manual has it"
        return SourceDataError(failure.safe_text, f"nothing is there ({failure}), {hint}")
    return failure


def _is_refusal(failure: SourceError) -> bool:
    return failure.safe_text.startswith("auth_failed")


def _of_picture(wish: Wish) -> str:
    """Cameras that have no system of their own are rows of a list beside the settings."""
    list_name = f"{wish.key}.csv"
    block = _head(wish, "camera_list", f"file:{list_name}")
    block.lines[:0] = [
        f"# A picture. Write the list {list_name} beside the settings, one line a camera:",
        "#   id,name,lon,lat,snapshot",
        f"#   1,…,121.42,31.22,{wish.url}",
    ]
    block.table("sources.options")
    block.set("hosts", [urlsplit(wish.url).hostname or ""], "where its pictures lie")
    block.set("media", {"snapshot": "snapshot"}, "also mjpeg, hls, flv, rtsp: a column each")
    return block.text()


def _head(wish: Wish, kind: str, url: str) -> Block:
    block = Block()
    block.raw("[[sources]]")
    block.set("key", wish.key)
    block.set("kind", kind, "" if kind in KINDS else "this release has no such kind")
    block.set("name", wish.key, "as people should read it")
    block.set("department", wish.department, "" if wish.department else "whose it is")
    if url:
        block.set("url", url)
    return block


def _plain(wish: Wish, kind: str, url: str, lines: tuple[str, ...]) -> str:
    block = _head(wish, kind, url)
    block.table("sources.options")
    for line in lines:
        block.raw(line.replace("%s", wish.variable))
    return block.text()


def _of_standard(wish: Wish, standard: Standard, settings: Settings | None) -> str:
    adcode = settings.district.adcode if settings else ""
    block = _head(wish, standard.kind, standard.base(wish.url))
    block.lines.insert(0, f"# {standard.what}, recognised by its answers. Every option: docs/sources.md")
    block.raw('# crs = "gcj02"       # when `check` says that its positions fit the district better so')
    if standard.options or standard.needed:
        block.table("sources.options")
    for line in standard.needed:
        block.raw(line.replace("ADCODE", adcode))
    for line in standard.options:
        block.raw(f"# {line.replace('%s', wish.variable)}")
    return block.text()


def _of_rows(wish: Wish, seen: Seen, settings: Settings | None, http: HttpClient) -> str:
    try:
        found = find_rows(seen)
    except SourceDataError as error:
        kind = seen.reply.headers.get("Content-Type", "?")
        hint = f"; a stream: {_STREAM}" if seen.reply.body.startswith(b"#EXTM3U") else ""
        raise SourceDataError(error.safe_text, f"{error} ({kind}, {len(seen.reply.body)} bytes){hint}") from error
    ask = _asker(wish, http)
    other = unsteady(found, ask(wish.url), wish.record)
    rest = find_rest(wish.url, seen.reply, found, other.guess(found.rows, wish.record).fields.get("id", ""), ask)
    found = rest.found
    taken = other.guess(found.rows, wish.record)
    secrets = secrets_of(wish.url, wish.variable)
    kind = wish.kind or _kind(found, taken, asks_more=rest.way is not None or bool(secrets))
    rest = _for_kind(kind, rest)
    url = without_secrets(rest.way.url if rest.way is not None else wish.url, secrets)
    block = _head(wish, kind, url)
    block.lines.insert(
        0, f"# {len(found.rows)} rows of {found.form['format']} were seen; every guess is to be looked at"
    )
    for column in sorted(other.columns):
        block.note(f"! {column} is another one whenever it is asked for: no id")
    write_mapping(block, Written(kind, url, found, taken, rest, secrets), settings, http.clock)
    if wish.headers:
        block.note("it was looked at with headers of yours: its credentials belong into [sources.options.auth]")
    return block.text()


def _asker(wish: Wish, http: HttpClient) -> Ask:
    """Asks for other pages, all of them together for as long as for one look at a time."""
    until_s = http.clock.monotonic() + PAGES_S

    def ask(url: str) -> Reply | None:
        deadline_s = min(until_s, http.clock.monotonic() + LOOK_S)
        try:
            return http.get(url, headers=wish.headers, deadline_s=deadline_s)
        except SourceError:
            return None

    return ask


def _kind(found: Found, taken: Guess, *, asks_more: bool) -> str:
    """`asks_more`: with a query of its own, which only `rest` has."""
    if taken.media:
        return "camera_list"
    kinds = {"geojson": "geojson", "csv": "table", "tsv": "table", "xlsx": "table"}
    return "rest" if asks_more else kinds.get(found.form["format"], "rest")


def _for_kind(kind: str, rest: Rest) -> Rest:
    """Kinds that read whole documents go on by no pages: the address of everything at once, or a word to the reader."""
    way = rest.way
    if way is None or kind == "rest":
        return rest
    if way.whole:
        return replace(rest, way=replace(way, url=way.whole), why=f"{rest.why}: all of them are asked for at once")
    return replace(rest, way=None, why=f"! {rest.why}, but {kind} reads one page: ask for more of them in one")


def _header(text: str, environ: Mapping[str, str]) -> tuple[str, str]:
    name, colon, value = text.partition(":")
    if not colon:
        raise ValueError(f"--header {name!r}: NAME: VALUE, for example 'Authorization: Bearer ${{TOKEN}}'")

    def secret(found: re.Match[str]) -> str:
        if found[1] not in environ:
            raise ValueError(f"--header {name}: the environment has no {found[1]}")
        return environ[found[1]]

    return name.strip(), _REFERENCE.sub(secret, value).strip()
