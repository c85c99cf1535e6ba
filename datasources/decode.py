"""Bytes of an upstream to text, JSON and XML, whatever encoding it chose; raises SourceDataError."""

from __future__ import annotations

import codecs
import json
import re
from typing import Any
from xml.etree.ElementTree import Element, ParseError

import msgspec
from defusedxml import ElementTree as SafeTree
from defusedxml.common import DefusedXmlException

from datasources.contract import SourceDataError
from datasources.crowded import MOST_LISTS, MOST_OBJECTS, MOST_TAGS, MOST_VALUES, refuse_crowded

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CHARSET = re.compile(r"charset=[\"']?([\w.-]+)", re.IGNORECASE)
_XML_ENCODING = re.compile(rb"^\s*<\?xml[^>]*encoding\s*=\s*[\"']([\w.-]+)[\"']")
_HTML = re.compile(rb"^\s*(?:<!doctype html|<html|<head|<body)", re.IGNORECASE)
_CHINESE_LEGACY = frozenset({"gbk", "gb2312", "gb18030", "gb_2312-80", "cp936"})


def looks_like_html(body: bytes) -> bool:
    """A body that begins as an HTML page."""
    return _HTML.match(body[:512]) is not None


def decode_text(body: bytes, content_type: str = "", encoding: str | None = None) -> str:
    """Text by BOM, by the stated encoding, as UTF-8, else as GB18030."""
    for bom, name in _BOMS:
        if body.startswith(bom):
            return _decoded(body, name)
    stated = encoding or _stated(content_type)
    if stated:
        return _decoded(body, stated)
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return _decoded(body, "gb18030")


def decode_json(body: bytes, content_type: str = "", encoding: str | None = None) -> Any:
    """JSON of any encoding; NaN and duplicate keys, which some systems write, are let in."""
    if looks_like_html(body):
        raise SourceDataError("html", "HTML where JSON is due")
    if not body or body.isspace():
        raise SourceDataError("empty", "nothing where JSON is due")
    refuse_crowded(body, (MOST_VALUES, b","), (MOST_OBJECTS, b"{"), (MOST_LISTS, b"["))
    if encoding is None:
        try:
            return msgspec.json.decode(body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            pass  # another encoding, a BOM or NaN: the tolerant way below decides
    try:
        return json.loads(decode_text(body, content_type, encoding))
    except (ValueError, RecursionError) as error:
        raise SourceDataError("not_json", f"not JSON: {error}") from error


def decode_xml(body: bytes) -> Element:
    """The root of an XML document without entities or outside references."""
    if looks_like_html(body):
        raise SourceDataError("html", "HTML where XML is due")
    if not body or body.isspace():
        raise SourceDataError("empty", "nothing where XML is due")
    refuse_crowded(body, (MOST_TAGS, b"<"), (MOST_VALUES, b"="))
    declared = _XML_ENCODING.match(body[:200])
    content: bytes | str = body
    if declared and declared.group(1).decode("ascii").lower() in _CHINESE_LEGACY:
        # expat knows no GB encodings; as text, the declaration no longer counts
        content = re.sub(r"^\s*<\?xml[^>]*\?>", "", decode_text(body, encoding="gb18030"), count=1)
    try:
        root: Element = SafeTree.fromstring(content)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise SourceDataError("not_xml", f"not XML: {error}") from error
    return root


def _stated(content_type: str) -> str | None:
    found = _CHARSET.search(content_type)
    name = found.group(1).lower() if found else None
    return "gb18030" if name in _CHINESE_LEGACY else name


def _decoded(body: bytes, encoding: str) -> str:
    try:
        return body.decode(encoding).removeprefix("\ufeff")  # GB18030 has a mark of its order, too
    except (UnicodeDecodeError, LookupError) as error:
        raise SourceDataError("encoding", f"not {encoding}: {error}") from error
