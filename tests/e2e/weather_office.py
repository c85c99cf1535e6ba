"""A weather office whose warnings a test sends: CAP 1.2 in an Atom feed, and a small district that reads it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.e2e.product import Product, until
from tests.e2e.small_server import serving

ASKED_EVERY_S = 2
COLOURS = {"red": "红", "orange": "橙", "yellow": "黄", "blue": "蓝"}
SETTINGS = """
[district]
name = "宝山区"
adcode = "310113"

[[sources]]
key = "warnings"
kind = "cap"
name = "气象预警"
department = "meteorology"
url = "{url}"
interval_s = {interval_s}
timeout_s = 5
[sources.options]
path = "feed.atom"
"""


class Office:
    """What the office has sent so far."""

    def __init__(self) -> None:
        self.url = ""
        self.messages: dict[str, str] = {}
        self._sent = 0

    def send(self, level: str) -> str:
        """Issue a rainstorm warning of a level now, in force for six hours; returns its identifier."""
        sent_at = datetime.now(UTC)
        self._sent += 1
        identifier = f"warning-{self._sent}"
        headline = f"宝山区气象台发布暴雨{COLOURS[level]}色预警"
        self.messages[identifier] = (
            '<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">'
            f"<identifier>{identifier}</identifier><sender>office@example.cn</sender>"
            f"<sent>{sent_at.isoformat(timespec='seconds')}</sent>"
            "<status>Actual</status><msgType>Alert</msgType><scope>Public</scope><info><language>zh-CN</language>"
            f"<event>暴雨{COLOURS[level]}色预警</event><headline>{headline}</headline><severity>Severe</severity>"
            f"<expires>{(sent_at + timedelta(hours=6)).isoformat(timespec='seconds')}</expires>"
            "<area><areaDesc>宝山区</areaDesc><geocode><valueName>adcode</valueName><value>310113</value></geocode></area>"
            "</info></alert>"
        )
        return identifier

    def withdraw_all(self, city: Product) -> None:
        """Take everything back, and wait until the city knows."""
        self.messages.clear()
        until(lambda: not list(city.every("warnings")), 30, "no warning left")

    def page(self, path: str) -> bytes | None:
        """What stands at a path; None where nothing does."""
        if path == "/feed.atom":
            entries = "".join(f'<entry><id>{key}</id><link href="/cap/{key}"/></entry>' for key in self.messages)
            return f'<feed xmlns="http://www.w3.org/2005/Atom">{entries}</feed>'.encode()
        message = self.messages.get(path.removeprefix("/cap/"))
        return None if message is None else message.encode()


@contextmanager
def opened() -> Iterator[Office]:
    """An office that answers until the end of the block."""
    office = Office()
    with serving(office.page, "application/xml") as url:
        office.url = url
        yield office


def write_settings(path: Path, url: str) -> Path:
    """Settings of a district that knows nothing but the office's warnings."""
    path.write_text(SETTINGS.format(url=url, interval_s=ASKED_EVERY_S), encoding="utf-8")
    return path
