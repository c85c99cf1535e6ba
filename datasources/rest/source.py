"""The `rest` source: any HTTP interface that answers with rows."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, TypeVar
from urllib.parse import urlencode

from datasources.asking.auth import Auth, make_auth
from datasources.asking.request import Request
from datasources.asking.signing import Nonce, random_nonce
from datasources.asking.templates import Values, fill, pairs, texts
from datasources.contract import (
    Batch,
    FetchContext,
    Manifest,
    SourceAuthFailed,
    SourceSettings,
    configured,
)
from datasources.document import address
from datasources.formats import Rows, read_rows
from datasources.http import HttpClient, Reply
from datasources.mapping import RowMapping, read_mapping, require_ids
from datasources.options import read_options
from datasources.rest.options import RestOptions
from datasources.rest.paging import COUNTED, Page, Place, pages
from datasources.rest.progress import Progress, Start

MANIFEST = Manifest(kind="rest", records=("place",), interval_s=60, timeout_s=30, stale_after_s=600)

_NO_SUCH_PAGE = frozenset({404})
_NO_CONTENT = 204
_BODY_TYPES = {
    "json": "application/json",
    "form": "application/x-www-form-urlencoded",
    "text": "text/plain; charset=utf-8",
}
_ACCEPTED = {
    "json": "application/json, */*;q=0.5",
    "xml": "application/xml",
    "csv": "text/csv",
    "geojson": "application/geo+json, application/json",
}

T = TypeVar("T")


@dataclass(slots=True)
class Found:
    """What all pages of a fetch brought; their bodies are let go."""

    rows: list[Any] = field(default_factory=list)
    geometries: list[Any] = field(default_factory=list)
    validators: Mapping[str, str] = field(default_factory=dict)
    is_unchanged: bool = False

    def add(self, page: Page) -> None:
        """Take in one page."""
        self.rows += page.rows.rows
        self.geometries += page.rows.geometries
        self.validators, self.is_unchanged = page.reply.validators, page.reply.is_unchanged


@dataclass(frozen=True, slots=True, kw_only=True)
class RestSource:
    """One interface, asked by a template and read by a form and a mapping."""

    key: str
    manifest: Manifest
    settings: SourceSettings
    options: RestOptions
    mapping: RowMapping
    auth: Auth = field(repr=False)
    progress: Progress | None
    http: HttpClient

    def check(self) -> None:
        """Ask for the first page once."""
        now = self.http.clock.now()
        start = self._start(FetchContext(now=now))
        page = self._page(self._paths[0], Place(), {"since": start.since, "now": now}, {}, float("inf"))
        if page is not None:
            require_ids(self.mapping.read(page.rows.rows, page.rows.geometries, now=now), self.mapping)

    def fetch(self, context: FetchContext) -> Batch:
        """Everything, or what is new."""
        start = self._start(context)
        values = {"since": start.since, "now": context.now}
        validators = self._validators(context)
        found = Found()
        for path in self._paths:

            def ask(place: Place, path: str = path) -> Page | None:
                return self._page(path, place, values, validators, context.deadline_monotonic_s)

            for page in pages(ask, self.options.paging):
                found.add(page)
        if found.is_unchanged:
            return Batch(not_modified=True, cursor=context.cursor)
        return self._batch(found, start, context)

    @property
    def _paths(self) -> tuple[str, ...]:
        return self.options.paths or (self.options.path,)

    @property
    def _is_conditional(self) -> bool:
        """One page of a whole list may be asked for only when it changed."""
        is_one = len(self._paths) == 1 and self.options.paging.kind == "none"
        return is_one and self.progress is None and self.options.method == "GET"

    def _start(self, context: FetchContext) -> Start:
        if self.progress is None:
            return Start(None, is_full=True)
        return self.progress.start(context.cursor, context.now)

    def _validators(self, context: FetchContext) -> Mapping[str, str]:
        kept = context.cursor.get("validators") if isinstance(context.cursor, Mapping) else None
        return kept if self._is_conditional and isinstance(kept, Mapping) else {}

    def _page(
        self, path: str, place: Place, values: Values, validators: Mapping[str, str], deadline_s: float
    ) -> Page | None:
        request = self._request(path, place, {**values, **place.values(self.options.paging)})
        request = request.with_headers(validators)
        may_be_past_the_end = place.number > 0 and self.options.paging.kind in COUNTED
        tolerate = _NO_SUCH_PAGE if may_be_past_the_end else frozenset[int]()

        def read(reply: Reply) -> Page | None:
            if reply.status in tolerate:
                return None
            is_nothing = may_be_past_the_end and not reply.body.strip()  # tables end so, without their header
            is_empty = reply.is_unchanged or reply.status == _NO_CONTENT or is_nothing
            return Page(reply, Rows([]) if is_empty else self._rows(reply))

        return self._ask(request, read, deadline_s, tolerate)

    def _rows(self, reply: Reply) -> Rows:
        return read_rows(reply.body, self.options, reply.headers.get("Content-Type", ""))

    def _ask(self, request: Request, read: Callable[[Reply], T], deadline_s: float, tolerate: frozenset[int]) -> T:
        """Send a request and read its reply; once more with a new token where the old one is refused."""
        try:
            return read(self._send(request, deadline_s, tolerate))
        except SourceAuthFailed:
            if not self.auth.renew():
                raise
        return read(self._send(request, deadline_s, tolerate))

    def _send(self, request: Request, deadline_s: float, tolerate: frozenset[int]) -> Reply:
        ready = self.auth.authenticate(request, deadline_s)
        ask = self.http.get if ready.method == "GET" else partial(self.http.post, body=ready.body)
        return ask(ready.address, headers=ready.headers, deadline_s=deadline_s, tolerate=tolerate, login=ready.login)

    def _request(self, path: str, place: Place, values: Values) -> Request:
        options, zone = self.options, self.settings.timezone
        headers = {"Accept": _ACCEPTED.get(options.format, "*/*"), **texts(options.headers, values, zone)}
        request = Request(
            method=options.method,
            url=place.url or address(self.settings, str(fill(path, values, zone) or "")),
            query=() if place.url else pairs(options.query, values, zone),
            headers=headers,
        )
        if options.method != "POST":
            return request
        body = _body(fill(options.body, values, zone), options.body_form)
        return replace(request.with_headers({"Content-Type": _BODY_TYPES[options.body_form], **headers}), body=body)

    def _batch(self, found: Found, start: Start, context: FetchContext) -> Batch:
        # all pages at once: they refer to each other
        mapped = self.mapping.read(found.rows, found.geometries, now=context.now)
        whole = require_ids(mapped, self.mapping)
        is_everything = start.is_full if self.options.complete is None else self.options.complete
        kind = self.mapping.record_type.kind
        return Batch(
            records=whole.records,
            observations=whole.observations,
            rejected=whole.rejected,
            complete=frozenset({kind}) if is_everything else frozenset(),
            content_at=whole.newest_at,
            cursor=self._cursor(found, start, context),
        )

    def _cursor(self, found: Found, start: Start, context: FetchContext) -> Any:
        if self.progress is not None:
            return self.progress.cursor(context.cursor, found.rows, start, context.now)
        return {"validators": found.validators} if self._is_conditional and found.validators else None


def _body(filled: Any, form: str) -> bytes:
    if filled is None:
        return b""
    if form == "form" and isinstance(filled, Mapping):
        return urlencode(filled).encode()
    return filled.encode() if isinstance(filled, str) else json.dumps(filled, ensure_ascii=False).encode()


def build(settings: SourceSettings, http: HttpClient, nonce: Nonce = random_nonce) -> RestSource:
    """Make the source; raises OptionsError."""
    options = read_options(RestOptions, settings)
    mapping = read_mapping(settings, settings.crs or MANIFEST.crs, options)
    told = options.incremental
    progress = None if told is None else Progress.of(told, settings.timezone, options.time_format)
    manifest = configured(MANIFEST, settings, (mapping.record_type.kind,))
    return RestSource(
        key=settings.key,
        manifest=replace(manifest, resumes=progress is not None),
        settings=settings,
        options=options,
        mapping=mapping,
        auth=make_auth(options.auth, settings, http, nonce),
        progress=progress,
        http=http,
    )
