"""Asking one ONVIF device: its clock, what it is, and where its cameras' pictures and streams are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import timedelta
from typing import Any
from xml.sax.saxutils import escape

from datasources.cap.elements import find_all
from datasources.contract import Rejection, SourceAuthFailed, SourceDataError, SourceError
from datasources.decode import decode_xml
from datasources.fields import clean
from datasources.http import HttpClient, http_date
from datasources.login import Login
from datasources.media.addresses import Hosts, pack
from datasources.media.offer import Transport
from datasources.onvif.normalise import Choice, Profile, chosen, device_service, device_time, profiles, reachable
from datasources.onvif.soap import DEVICE, MEDIA, Soap, response_of, value

_STREAM_SETUP = (
    '<StreamSetup><Stream xmlns="http://www.onvif.org/ver10/schema">RTP-Unicast</Stream>'
    '<Transport xmlns="http://www.onvif.org/ver10/schema"><Protocol>RTSP</Protocol></Transport></StreamSetup>'
)


@dataclass(frozen=True, slots=True)
class Channel:
    """One video source of a device. `media` is what `pack` wrote."""

    source: str
    media: str
    has_ptz: bool


@dataclass(frozen=True, slots=True)
class Description:
    """What a device said of itself, kept in the cursor so that it need not be asked each time."""

    at_s: float
    name: str
    channels: tuple[Channel, ...]

    def to_row(self) -> dict[str, Any]:
        """JSON-serialisable."""
        return {"at_s": self.at_s, "name": self.name, "channels": [asdict(channel) for channel in self.channels]}

    @classmethod
    def of_row(cls, row: Any) -> Description | None:
        """What `to_row` wrote; None for anything else."""
        try:
            channels = tuple(Channel(str(c["source"]), str(c["media"]), bool(c["has_ptz"])) for c in row["channels"])
            return cls(float(row["at_s"]), str(row["name"]), channels)
        except (TypeError, KeyError, ValueError):
            return None


@dataclass(frozen=True, slots=True)
class Device:
    """One device, as it is configured. `id` is "" for a source's only one, `name` where the settings have none."""

    id: str
    url: str
    name: str
    login: Login | None = field(repr=False)
    hosts: tuple[str, ...]
    choice: Choice
    http: HttpClient

    @property
    def service(self) -> str:
        """The address of its device service."""
        return device_service(self.url)

    def tune(self, deadline_s: float) -> Soap:
        """Say hello: how it is spoken to, by its own clock. Raises SourceError when it does not answer.

        Devices must give their clock without a login; those that refuse tell it by the `Date` of their refusal.
        """
        soap = Soap(self.http, None)
        reply = soap.ask(self.service, DEVICE, "GetSystemDateAndTime", deadline_s)
        try:
            theirs = device_time(response_of(reply, "GetSystemDateAndTime"))
        except SourceAuthFailed:
            theirs = http_date(reply.headers.get("Date"))
        except SourceDataError as error:
            if error.safe_text != "upstream_error":
                raise
            theirs = None  # a Fault: it can't tell, and is spoken to by our own clock
        offset = theirs - reply.received_at if theirs else timedelta(0)
        return replace(soap, login=self.login, offset=offset)

    def describe(self, soap: Soap, deadline_s: float) -> tuple[Description, list[Rejection]]:
        """What the device is and has; raises SourceError."""
        info = soap.call(self.service, DEVICE, "GetDeviceInformation", deadline_s)
        said = soap.call(self.service, DEVICE, "GetCapabilities", deadline_s, "<Category>All</Category>")
        reported = value(said, "capabilities", "device", "xaddr")
        at = value(said, "capabilities", "media", "xaddr")
        media = self._reachable(at, reported) if at else self.service
        if not Hosts.of(self.url, self.hosts).admits(Transport.SNAPSHOT, media):
            media = self.service
        found, rejected = profiles(soap.call(media, MEDIA, "GetProfiles", deadline_s))
        channels = tuple(self._channel(soap, media, reported, each, deadline_s) for each in chosen(found, self.choice))
        model = " ".join(filter(None, (value(info, "manufacturer"), value(info, "model"))))
        name = self.name or clean(model, 100) or self.id
        return Description(self.http.clock.now().timestamp(), name, channels), rejected

    def _channel(self, soap: Soap, media: str, reported: str, profile: Profile, deadline_s: float) -> Channel:
        token = f"<ProfileToken>{escape(profile.token)}</ProfileToken>"
        wanted = {
            Transport.SNAPSHOT: ("GetSnapshotUri", token),
            Transport.RTSP: ("GetStreamUri", _STREAM_SETUP + token),
        }
        addresses = {}
        for transport, (action, body) in wanted.items():
            try:
                given = value(soap.call(media, MEDIA, action, deadline_s, body), "uri")
            except SourceDataError:
                continue  # not every device has snapshots, nor a stream for every profile
            url = self._reachable(given, reported)
            if Hosts.of(self.url, self.hosts).admits(transport, url):
                addresses[transport] = url
        return Channel(profile.source, pack(addresses, profile.codec), profile.has_ptz)

    def _reachable(self, url: str, reported: str) -> str:
        return reachable(url, self.service, reported, self.hosts)


def described(kept: Any) -> Mapping[str, Description]:
    """The descriptions in a cursor, by device."""
    rows = kept.items() if isinstance(kept, Mapping) else ()
    found = {str(device): Description.of_row(row) for device, row in rows}
    return {device: description for device, description in found.items() if description is not None}


def speaks_onvif(url: str, http: HttpClient, deadline_s: float) -> bool:
    """Whether a device is there: it is asked the time, which it must tell, and answers with an envelope in any case."""
    try:
        reply = Soap(http, None).ask(device_service(url), DEVICE, "GetSystemDateAndTime", deadline_s)
        return bool(find_all(decode_xml(reply.body), "envelope"))
    except SourceError:
        return False
