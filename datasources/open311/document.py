"""GeoReport documents, JSON or XML, as plain rows; raises SourceDataError for what is none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NoReturn
from xml.etree.ElementTree import Element

from datasources.contract import SourceAuthFailed, SourceDataError, SourceError
from datasources.decode import decode_xml
from datasources.fields import clean, text
from datasources.http import Reply

_WRAPPERS = ("service_requests", "requests", "services", "results", "value", "data", "items")
_LISTS = {"tasks": "task", "media_urls": "media_url"}
_ROW_NAMES = frozenset({"service_request_id", "service_code"})
_ERROR_NAMES = ("description", "detail", "message", "error")
_KEY_REFUSED = re.compile(r"api[ _]?key|not authori[sz]ed|forbidden", re.IGNORECASE)
_REFUSING = frozenset({"401", "403"})
_DETAIL_LENGTH = 300


def read_rows(reply: Reply) -> list[Any]:
    """The rows of a reply in whichever of the two formats it is."""
    if reply.body.lstrip()[:1] == b"<":
        return list(_xml_rows(decode_xml(reply.body)))
    return json_rows(reply.json())


def json_rows(document: Any) -> list[Any]:
    """A bare list, as the specification says; a list inside an object, or one bare row, as some servers do."""
    rows = document
    if isinstance(document, dict):
        rows = next((document[name] for name in _WRAPPERS if isinstance(document.get(name), list)), None)
        if rows is None and _ROW_NAMES & set(document):
            rows = [document]
        if rows is None:
            _raise_said(document)
    if not isinstance(rows, list):
        raise SourceDataError("wrong_shape", "neither a list nor an object with one")
    if rows and isinstance(rows[0], dict) and not _ROW_NAMES & set(rows[0]):
        _raise_said(rows[0])
    return rows


def following_of(reply: Reply) -> str:
    """The next page as a JSON body names it; "" when it names none."""
    if reply.body.lstrip()[:1] != b"{":
        return ""
    document = reply.json()
    return text(document, "next", "next_page", limit=2000) if isinstance(document, dict) else ""


def raise_for_refusal(reply: Reply, error: type[SourceDataError]) -> NoReturn:
    """Raise what a refused question came to: what the server said of it goes to the log, credentials are told apart."""
    try:
        json_rows(reply.json()) if reply.body.lstrip()[:1] != b"<" else list(_xml_rows(decode_xml(reply.body)))
    except SourceAuthFailed:
        raise
    except SourceError as said:
        raise error(f"http_status:{reply.status}", f"HTTP {reply.status}: {said}") from said
    raise error(f"http_status:{reply.status}", f"HTTP {reply.status}")


def _raise_said(document: dict[str, Any]) -> None:
    """Raise what an error object says, in the specification's shape or another; nothing for what is none."""
    said = next((document[name] for name in _ERROR_NAMES if document.get(name)), None)
    code = text(document, "code", "status_code", limit=20)
    if said is None or (not code and "detail" not in document and "error" not in document):
        return
    _raise(code, _flat(said))


def _raise(code: str, said: str) -> NoReturn:
    if code in _REFUSING or _KEY_REFUSED.search(said):
        raise SourceAuthFailed(f"auth_failed:{code or 403}", said)
    raise SourceDataError(f"upstream_code:{code}" if code else "upstream_error", said)


def _flat(said: Any, depth: int = 3) -> str:
    """What an error says as one text: some write a string, others a list, others an object of lists."""
    parts = list(said.values()) if isinstance(said, dict) else said if isinstance(said, list) else None
    if parts is None or depth == 0:
        return clean(said, _DETAIL_LENGTH)
    return clean(" ".join(_flat(part, depth - 1) for part in parts), _DETAIL_LENGTH)


def _xml_rows(root: Element) -> Iterator[dict[str, Any]]:
    if _local(root) in ("errors", "error"):
        code = next((clean(part.text, 20) for part in root.iter() if _local(part) == "code"), "")
        _raise(code, " ".join(clean(part, _DETAIL_LENGTH) for part in root.itertext() if part.strip()))
    for child in root:
        value = _value(child)
        if isinstance(value, dict):
            yield value


def _value(element: Element) -> Any:
    children = list(element)
    if not children:
        return (element.text or "").strip() or None
    if element.get("type") == "array" or _LISTS.get(_local(element)) == _local(children[0]):
        return [_value(child) for child in children]
    return {_local(child): _value(child) for child in children}


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2].lower()
