"""Weather warnings: OASIS CAP 1.2 messages in an Atom feed, as the weather office publishes them.

Areas are named by code only, as CMA does; a polygon is given by some messages, in CAP's order lat,lon. Expired
messages stay listed, so do the Alert that an Update replaced and an Exercise.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from xml.sax.saxutils import escape

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from simulator.model import CityWarning
from simulator.upstreams import warning_texts
from simulator.upstreams.context import Upstream, zoned_text
from simulator.upstreams.reply import xml_reply

ATOM = "application/atom+xml; charset=utf-8"
CAP = "application/cap+xml; charset=utf-8"
_XML = '<?xml version="1.0" encoding="UTF-8"?>\n'


def routes(upstream: Upstream) -> Sequence[BaseRoute]:
    """`/feed.atom` and one `/cap/<identifier>.xml` per message."""

    def feed(request: Request) -> Response:
        messages = sorted(
            upstream.behaviour.warnings(upstream.now()), key=lambda message: message.sent_at, reverse=True
        )
        return xml_reply(_feed(messages, upstream, upstream.url(request)).encode(), media_type=ATOM)

    def message(request: Request) -> Response:
        identifier = request.path_params["identifier"]
        for warning in upstream.behaviour.warnings(upstream.now()):
            if warning.identifier == identifier:
                return xml_reply(_alert(warning, _office(upstream)).encode(), media_type=CAP)
        return HTMLResponse("<h1>Not Found</h1>", 404)

    return [Route("/feed.atom", feed), Route("/cap/{identifier}.xml", message)]


def _office(upstream: Upstream) -> str:
    return f"{upstream.city.name}气象台"


def _element(name: str, text: str) -> str:
    return f"<{name}>{escape(text)}</{name}>"


def _pairs(name: str, pairs: Sequence[tuple[str, str]]) -> str:
    return "".join(f"<{name}>{_element('valueName', key)}{_element('value', value)}</{name}>" for key, value in pairs)


def _feed(messages: Sequence[CityWarning], upstream: Upstream, url: str) -> str:
    updated: datetime = max((message.sent_at for message in messages), default=upstream.now())
    entries = "".join(_entry(message, _office(upstream), url) for message in messages)
    return (
        f'{_XML}<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="zh-CN">'
        f"<id>{escape(url)}/feed.atom</id>{_element('title', f'{upstream.city.name}气象预警')}"
        f"{_element('updated', zoned_text(updated))}<author>{_element('name', _office(upstream))}</author>"
        f'<link rel="self" href="{escape(url)}/feed.atom"/>{entries}</feed>'
    )


def _entry(message: CityWarning, office: str, url: str) -> str:
    title = _element("title", warning_texts.headline(message, office))
    link = f'<link rel="alternate" type="application/cap+xml" href="{escape(url)}/cap/{message.identifier}.xml"/>'
    sent = zoned_text(message.sent_at)
    return (
        f"<entry>{_element('id', message.identifier)}{title}{_element('updated', sent)}"
        f"{_element('published', sent)}{link}{_element('summary', warning_texts.description(message))}</entry>"
    )


def _alert(message: CityWarning, office: str) -> str:
    references = _element("references", " ".join(message.references)) if message.references else ""
    return (
        f'{_XML}<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">'
        f"{_element('identifier', message.identifier)}{_element('sender', message.sender)}"
        f"{_element('sent', zoned_text(message.sent_at))}{_element('status', message.status)}"
        f"{_element('msgType', message.message_type)}<scope>Public</scope>{references}"
        f"{_info(message, office, 'zh-CN')}{_info(message, office, 'en-US')}</alert>\n"
    )


def _info(message: CityWarning, office: str, language: str) -> str:
    colour = warning_texts.COLOURS[message.colour]
    is_chinese = language == "zh-CN"
    advice = warning_texts.advice(message)[0 if is_chinese else 1]
    event = f"{message.hazard}{colour.name}预警" if is_chinese else f"{message.hazard_en} {colour.name_en} Warning"
    text = warning_texts.description(message) if is_chinese else warning_texts.description_en(message)
    is_cancel = message.message_type == "Cancel"
    return "".join(
        (
            f"<info>{_element('language', language)}<category>Met</category>{_element('event', event)}",
            f"<responseType>{'AllClear' if is_cancel else 'Prepare'}</responseType>",
            f"<urgency>{'Past' if is_cancel else 'Immediate'}</urgency>{_element('severity', colour.severity)}",
            f"<certainty>{'Observed' if is_cancel else 'Likely'}</certainty>",
            _pairs("eventCode", [("CMA", message.hazard)]),
            _element("effective", zoned_text(message.sent_at)),
            _element("onset", zoned_text(message.onset_at)),
            _element("expires", zoned_text(message.expires_at)),
            _element("senderName", office),
            _element(
                "headline",
                warning_texts.headline(message, office) if is_chinese else warning_texts.headline_en(message),
            ),
            _element("description", text),
            _element("instruction", advice),
            _pairs("parameter", [("colour", colour.name_en), ("level", colour.grade.split("/")[0])]),
            _area(message),
            "</info>",
        )
    )


def _area(message: CityWarning) -> str:
    polygon = ""
    if message.polygon:
        ring = message.polygon if message.polygon[0] == message.polygon[-1] else (*message.polygon, message.polygon[0])
        polygon = _element("polygon", " ".join(f"{lat:.5f},{lon:.5f}" for lon, lat in ring))
    codes = _pairs("geocode", [("adcode", code) for code in message.area_codes])
    return f"<area>{_element('areaDesc', '、'.join(message.area_names))}{polygon}{codes}</area>"
