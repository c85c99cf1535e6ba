"""Addresses of pictures and streams as lists and platforms give them: which may be asked, and how a camera keeps them.

Nothing is asked that isn't on a host of the settings: an upstream must not be able to send us to other systems.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from pydantic import Field

from datasources.contract import SourceDataError, SourceSettings
from datasources.http import HttpClient
from datasources.login import Login
from datasources.media.offer import Address, MediaOffer, Transport
from datasources.options import HostName, Options
from datasources.secrets import reveal
from situation.settings import Secret

LONGEST_ADDRESS = 1000
_SCHEMES: Mapping[str, frozenset[Transport]] = {
    "http": frozenset(Transport) - {Transport.RTSP},
    "https": frozenset(Transport) - {Transport.RTSP},
    "rtsp": frozenset({Transport.RTSP}),
    "rtsps": frozenset({Transport.RTSP}),
}
_CODECS = {"h264": "h264", "avc": "h264", "avc1": "h264", "h265": "h265", "hevc": "h265", "hvc1": "h265"}


def codec_of(word: object) -> str:
    """`h264` or `h265` for what systems call them; "" for anything else."""
    return _CODECS.get(str(word or "").lower().replace(".", "").replace("-", ""), "")


@dataclass(frozen=True, slots=True)
class Hosts:
    """The hosts that may be asked, in lower case, on any port."""

    names: frozenset[str]

    @classmethod
    def of(cls, url: str, more: Iterable[str] = ()) -> Hosts:
        """The host of a source's own address and those its settings name besides."""
        own = urlsplit(url).hostname
        return cls(frozenset(name.lower() for name in (own, *more) if name))

    def admits(self, transport: Transport, url: str) -> bool:
        """Whether `url` can carry that and lies on one of the hosts."""
        parts = split(url)
        return (
            parts is not None
            and len(url) <= LONGEST_ADDRESS
            and transport in _SCHEMES.get(parts.scheme.lower(), ())
            and (parts.hostname or "") in self.names
        )


def split(url: str) -> SplitResult | None:
    """The parts of an address; None for what is none, or what others would read otherwise than we do."""
    if "\\" in url or any(letter.isspace() or not letter.isprintable() for letter in url):
        return None  # `http://evil\\@own/`: urllib sees the second as the host, who fetches it the first
    try:
        parts = urlsplit(url)
        _ = parts.port  # reading it raises for nonsense
    except ValueError:
        return None
    return parts if parts.hostname else None


def without_login(url: str) -> str:
    """The address without user and password, which belong into the settings and not into records."""
    parts = split(url)
    return url if parts is None else parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()


def moved(url: str, host: str, ports: Mapping[int | None, int | None] | None = None) -> str:
    """The address on another host; `ports` says which ports are others there."""
    parts = split(url)
    if parts is None:
        return url
    port = (ports or {}).get(parts.port, parts.port)
    name = f"[{host}]" if ":" in host else host
    return parts._replace(netloc=name + (f":{port}" if port else "")).geturl()


def pack(addresses: Mapping[Transport, str], codec: str = "") -> str:
    """Addresses as a `Camera.media`; "" without any. Logins are left out."""
    kept = {str(transport): without_login(url) for transport, url in sorted(addresses.items())}
    if not kept:
        return ""
    return json.dumps(kept | ({"codec": codec} if codec else {}), ensure_ascii=False, separators=(",", ":"))


def unpack(media_ref: str) -> tuple[dict[Transport, str], str]:
    """Addresses and codec of what `pack` wrote; raises SourceDataError for anything else."""
    try:
        found = json.loads(media_ref)
        codec = codec_of(found.pop("codec", ""))
        return {Transport(name): str(url) for name, url in found.items()}, codec
    except (ValueError, TypeError, AttributeError) as error:
        raise SourceDataError("no_picture", "no addresses of a camera") from error


class HostOptions(Options):
    """Where pictures and streams may come from besides the source's own host."""

    hosts: tuple[HostName, ...] = ()
    """Other hosts that addresses inside replies may lie on (names without port)."""


class LoginOptions(Options):
    """A login that is given where an upstream asks for one (Basic or Digest)."""

    username: str = ""
    password: Secret = Field(default=Secret(""))

    @property
    def login(self) -> Login | None:
        """User and password; None without a user."""
        return (self.username, reveal(self.password)) if self.username else None


class ListedOptions(HostOptions, LoginOptions):
    """What media of cameras with fixed addresses need."""


@dataclass(frozen=True, slots=True)
class ListedMedia:
    """Cameras whose addresses are known beforehand: nothing is started, nothing is asked to find out."""

    hosts: Hosts
    login: Login | None

    def still(self, media_ref: str, deadline_s: float) -> Address | None:
        """Where its JPEG is."""
        return self.offer(media_ref, deadline_s).addresses.get(Transport.SNAPSHOT)

    def offer(self, media_ref: str, deadline_s: float) -> MediaOffer:
        """Every address that may be asked."""
        addresses, codec = unpack(media_ref)
        admitted = {transport: url for transport, url in addresses.items() if self.hosts.admits(transport, url)}
        return MediaOffer(
            addresses={
                transport: Address(url=without_login(url), login=self.login) for transport, url in admitted.items()
            },
            codec=codec,
        )

    def release(self, media_ref: str, deadline_s: float) -> None:
        """Nothing was started."""


def listed_media(settings: SourceSettings, http: HttpClient) -> ListedMedia:
    """A kind's MEDIA for cameras whose `media` was written by `pack`; its options are or have ListedOptions."""
    given = {name: value for name, value in settings.options.items() if name in ListedOptions.model_fields}
    options = ListedOptions.model_validate(given)
    return ListedMedia(Hosts.of(settings.url, options.hosts), options.login)
