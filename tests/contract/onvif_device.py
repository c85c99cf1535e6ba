"""An ONVIF device, as far as OneScreen asks one. Its envelope and Faults are as ipycam 1.3.0 answers (recorded)."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from fake_upstream import Faulty

JPEG = b"\xff\xd8\xff\xe0" + b"\x00" * 100
_ACTION = re.compile(r"<s:Body><(\w+)")
_TOKEN = re.compile(r"<ProfileToken>(.*?)</ProfileToken>")


def envelope(content: str) -> bytes:
    """A reply's envelope, spaced out as ipycam's."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"\n'
        '  xmlns:tds="http://www.onvif.org/ver10/device/wsdl" xmlns:tt="http://www.onvif.org/ver10/schema"\n'
        f'  xmlns:trt="http://www.onvif.org/ver10/media/wsdl">\n<s:Body>\n{content}\n</s:Body>\n</s:Envelope>'
    ).encode()


def fault(reason: str) -> bytes:
    """A Fault, as ipycam's with HTTP 200 for an unknown action and 401 for a wrong login."""
    code = "<s:Code><s:Value>s:Receiver</s:Value></s:Code>"
    return envelope(f'<s:Fault>{code}<s:Reason><s:Text xml:lang="en">{reason}</s:Text></s:Reason></s:Fault>')


def profile(token: str, source: str, width: int = 640, codec: str = "H264") -> str:
    """One profile."""
    return (
        f'<trt:Profiles {token and f"token={chr(34)}{token}{chr(34)}"} fixed="true"><tt:Name>Main</tt:Name>'
        f'<tt:VideoSourceConfiguration token="VSC"><tt:SourceToken>{source}</tt:SourceToken>'
        f"</tt:VideoSourceConfiguration><tt:VideoEncoderConfiguration><tt:Encoding>{codec}</tt:Encoding>"
        f"<tt:Resolution><tt:Width>{width}</tt:Width><tt:Height>{width * 9 // 16}</tt:Height></tt:Resolution>"
        "</tt:VideoEncoderConfiguration></trt:Profiles>"
    )


@dataclass
class OnvifDevice:
    """Give `answer` as the page of its service. It checks the login when it has one, by its own clock `at`."""

    profiles: list[str]
    host: str = "192.168.1.123"
    login: tuple[str, str] | None = None
    at: datetime | None = None
    refuses_its_clock: bool = False
    faults: Mapping[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    on_ask: Callable[[], object] = field(default=lambda: None)

    def answer(self, query: Mapping[str, str]) -> bytes | Faulty:
        """The reply to one posted envelope."""
        body = query["body"]
        found = _ACTION.search(body)
        action = found[1] if found else ""
        self.asked.append(action)
        self.on_ask()
        is_open = action == "GetSystemDateAndTime" and not self.refuses_its_clock
        if self.login and not is_open and not self._is_welcome(body):
            return Faulty(401, fault("Sender not authorized"))
        if action in self.faults:
            return fault(self.faults[action])
        return envelope(getattr(self, f"_{action}", lambda _: fault("Action not supported"))(body))

    def _is_welcome(self, body: str) -> bool:
        parts = {
            name: re.search(rf"<{name}(?: [^>]*)?>(.*?)</{name}>", body) for name in ("Username", "Nonce", "Created")
        }
        given = re.search(r"<Password[^>]*>(.*?)</Password>", body)
        if not self.login or given is None or None in parts.values():
            return False
        user, nonce, created = (each[1] if each else "" for each in parts.values())
        if self.at and abs((datetime.fromisoformat(created) - self.at).total_seconds()) > 60:
            return False
        digest = hashlib.sha1(base64.b64decode(nonce) + created.encode() + self.login[1].encode()).digest()
        return user == self.login[0] and given[1] == base64.b64encode(digest).decode()

    def _GetSystemDateAndTime(self, _: str) -> str:
        at = self.at
        if at is None:
            return "<tds:GetSystemDateAndTimeResponse/>"
        time = f"<tt:Hour>{at.hour}</tt:Hour><tt:Minute>{at.minute}</tt:Minute><tt:Second>{at.second}</tt:Second>"
        date = f"<tt:Year>{at.year}</tt:Year><tt:Month>{at.month}</tt:Month><tt:Day>{at.day}</tt:Day>"
        utc = f"<tt:UTCDateTime><tt:Time>{time}</tt:Time><tt:Date>{date}</tt:Date></tt:UTCDateTime>"
        return f"<tds:GetSystemDateAndTimeResponse>{utc}</tds:GetSystemDateAndTimeResponse>"

    def _GetDeviceInformation(self, _: str) -> str:
        said = "<tds:Manufacturer>Dahua</tds:Manufacturer><tds:Model>IPC-1</tds:Model>"
        return f"<tds:GetDeviceInformationResponse>{said}</tds:GetDeviceInformationResponse>"

    def _GetCapabilities(self, _: str) -> str:
        device = f"<tt:Device><tt:XAddr>http://{self.host}/onvif/device_service</tt:XAddr></tt:Device>"
        media = f"<tt:Media><tt:XAddr>http://{self.host}/onvif/media_service</tt:XAddr></tt:Media>"
        inside = f"<tds:Capabilities>{device}{media}</tds:Capabilities>"
        return f"<tds:GetCapabilitiesResponse>{inside}</tds:GetCapabilitiesResponse>"

    def _GetProfiles(self, _: str) -> str:
        return f"<trt:GetProfilesResponse>{''.join(self.profiles)}</trt:GetProfilesResponse>"

    def _GetSnapshotUri(self, body: str) -> str:
        return self._uri("GetSnapshotUri", f"\n  http://{self.host}/snap?token={self._token(body)}&amp;subtype=1")

    def _GetStreamUri(self, body: str) -> str:
        return self._uri("GetStreamUri", f"\n  rtsp://{self.host}:554/cam?channel={self._token(body)}&amp;subtype=1")

    def _token(self, body: str) -> str:
        found = _TOKEN.search(body)
        return found[1] if found else ""

    def _uri(self, action: str, uri: str) -> str:
        return f"<trt:{action}Response><trt:MediaUri><tt:Uri>{uri}</tt:Uri></trt:MediaUri></trt:{action}Response>"
