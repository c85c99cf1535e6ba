"""Paging through a broker: `limit` and `offset`, and the header that says how many there are."""

from __future__ import annotations

from typing import Any

from datasources.contract import FetchContext, SourceDataError
from datasources.fields import rows
from datasources.http import HttpClient, Reply
from datasources.ngsi.options import NgsiOptions

MOST_PAGES = 1000
_COUNTS = ("NGSILD-Results-Count", "Fiware-Total-Count")


def read_entities(http: HttpClient, url: str, options: NgsiOptions, token: str, context: FetchContext) -> list[Any]:
    """All entities asked for, each id once: a page shifts when somebody adds one meanwhile. Raises SourceError."""
    found: list[Any] = []
    ids: set[str] = set()
    for page in range(MOST_PAGES):
        offset = page * options.page_size
        reply = http.get(
            url,
            params={**_params(options), "limit": options.page_size, "offset": offset},
            headers=headers(options, token),
            deadline_s=context.deadline_monotonic_s,
        )
        told = rows(reply.json(), "the reply")
        new = [entity for entity in told if _is_new(entity, ids)]
        found += new
        if not new or offset + len(told) >= _count(reply, offset + len(told), options.page_size, len(told)):
            return found
    raise SourceDataError("too_large", f"more than {MOST_PAGES} pages of {options.page_size} entities")


def headers(options: NgsiOptions, token: str) -> dict[str, str]:
    """Whose entities, in which words, and who asks."""
    given = {"Accept": "application/json"}
    if options.tenant:
        given["Fiware-Service" if options.dialect == "v2" else "NGSILD-Tenant"] = options.tenant
    if options.service_path:
        given["Fiware-ServicePath"] = options.service_path
    if options.context and options.dialect == "ld":
        rel = "http://www.w3.org/ns/json-ld#context"
        given["Link"] = f'<{options.context}>; rel="{rel}"; type="application/ld+json"'
    if token:
        is_bearer = options.auth_header.lower() == "authorization"
        given[options.auth_header] = f"Bearer {token}" if is_bearer else token
    return given


def _params(options: NgsiOptions) -> dict[str, Any]:
    wanted = {"type": ",".join(options.types), "q": options.query or None}
    if options.dialect == "v2":
        chosen = "count,keyValues" if options.is_simplified else "count"
        # when the broker wrote an attribute comes only when it is asked for, and so does all other metadata then
        times = {} if options.is_simplified else {"metadata": "TimeInstant,dateModified,*"}
        return {**wanted, "options": chosen} | times
    return {**wanted, "count": "true", "options": "keyValues" if options.is_simplified else "sysAttrs"}


def _is_new(entity: Any, ids: set[str]) -> bool:
    own_id = entity.get("id") if isinstance(entity, dict) else None
    if not isinstance(own_id, str):
        return True
    if own_id in ids:
        return False
    ids.add(own_id)
    return True


def _count(reply: Reply, so_far: int, page_size: int, on_page: int) -> int:
    """How many entities there are: as the broker says, else by whether this page was full."""
    for name in _COUNTS:
        told = reply.headers.get(name, "")
        if told.isdecimal():
            return int(told)
    return so_far + (1 if on_page >= page_size else 0)
