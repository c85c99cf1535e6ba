"""The `onvif` source: devices that speak ONVIF Profile S; who answers and shows another picture than before lives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from datasources.contract import (
    Batch,
    FetchContext,
    Manifest,
    Rejection,
    SourceAuthFailed,
    SourceError,
    SourceSettings,
    configured,
)
from datasources.fields import newest
from datasources.http import HttpClient
from datasources.media.addresses import unpack
from datasources.media.looking import Eyes, Look, Looks
from datasources.media.offer import Address, Transport
from datasources.media.sites import Sites, read_sites
from datasources.onvif.device import Channel, Description, Device, described
from datasources.onvif.options import OnvifOptions
from datasources.options import read_options
from situation.records import Camera, DeviceState

MANIFEST = Manifest(
    kind="onvif", records=("camera",), interval_s=60, timeout_s=45, stale_after_s=300, moves_within_s=None, resumes=True
)
DEVICE_S = 5.0
"""Real seconds for saying hello to one device; one that hangs costs the others no more."""

LOOKING_SHARE = 0.6
"""Of the time that is left when all devices have answered."""


@dataclass(slots=True)
class _Round:
    """One fetch: what is known of each device, and how it went."""

    now: datetime
    known: dict[str, Description]
    failures: dict[str, SourceError] = field(default_factory=dict)
    rejected: list[Rejection] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class OnvifSource:
    """All cameras of all devices of one settings block."""

    key: str
    department: str
    manifest: Manifest
    devices: tuple[Device, ...]
    sites: Sites
    options: OnvifOptions
    http: HttpClient

    def check(self) -> None:
        """Ask every device what it is; raises for the first that can't be asked."""
        for device in self.devices:
            deadline_s = self.http.clock.monotonic() + self.manifest.timeout_s
            device.describe(device.tune(deadline_s), deadline_s)

    def fetch(self, context: FetchContext) -> Batch:
        """Every camera, those of silent devices too as they were known; raises when no device can be asked."""
        cursor = context.cursor if isinstance(context.cursor, Mapping) else {}
        looks = Looks(cursor.get("looks"))
        around = _Round(context.now, dict(described(cursor.get("devices"))))
        silent = set(cursor.get("silent") or ())
        for count, device in enumerate(sorted(self.devices, key=lambda each: each.id in silent)):
            share = 1 / (len(self.devices) - count) if device.id in silent else 0.5
            self._ask(device, around, looks, self._until_s(context, share))
        if len(around.failures) == len(self.devices):
            raise next(iter(around.failures.values()))
        self._look(around, looks, context.deadline_monotonic_s)
        cameras = [camera for device in self.devices for camera in self._cameras(device, around, looks)]
        known = {device: description.to_row() for device, description in around.known.items()}
        failed = [Rejection(device, error.safe_text) for device, error in around.failures.items()]
        return Batch(
            records=tuple(cameras),
            complete=frozenset({"camera"}),
            cursor={"devices": known, "looks": looks.to_cursor(), "silent": sorted(around.failures)},
            rejected=(*around.rejected, *failed),
            content_at=newest(camera.seen_at for camera in cameras),
        )

    def _until_s(self, context: FetchContext, share: float) -> float:
        """Until when one device may take. Those that were silent the last time come last and share what is left."""
        now_s = self.http.clock.monotonic()
        return now_s + min((context.deadline_monotonic_s - now_s) * share, DEVICE_S)

    def _ask(self, device: Device, around: _Round, looks: Looks, deadline_s: float) -> None:
        try:
            soap = device.tune(deadline_s)
            if self._is_outdated(device, around, looks):
                around.known[device.id], rejected = device.describe(soap, deadline_s)
                around.rejected += rejected
        except SourceError as error:
            around.failures[device.id] = error

    def _is_outdated(self, device: Device, around: _Round, looks: Looks) -> bool:
        """Whether a device must be asked what it has: now and then, and when a picture did not come where it was."""
        known = around.known.get(device.id)
        if known is None or not 0 <= around.now.timestamp() - known.at_s < self.options.describe_every_s:
            return True
        return any(looks.of(_name(device, channel), around.now).failures for channel in known.channels)

    def _look(self, around: _Round, looks: Looks, deadline_s: float) -> None:
        """Look at the cameras of devices that answer, those whose turn it is first."""
        where: dict[str, Address] = {}
        for device in self.devices:
            if device.id not in around.failures:
                for channel in around.known[device.id].channels:
                    url = unpack(channel.media)[0].get(Transport.SNAPSHOT) if channel.media else None
                    if url:
                        where[_name(device, channel)] = Address(url=url, login=device.login)
        clock = self.http.clock
        until_s = clock.monotonic() + (deadline_s - clock.monotonic()) * LOOKING_SHARE
        eyes = Eyes(self.http, timedelta(seconds=self.options.still_after_s))
        looks.look(looks.turn(list(where), len(where)), where.get, eyes, until_s)

    def _cameras(self, device: Device, around: _Round, looks: Looks) -> list[Camera]:
        known = around.known.get(device.id)
        if known is None:
            return []
        failure = around.failures.get(device.id)
        return [self._camera(device, known, channel, failure, looks, around.now) for channel in known.channels]

    def _camera(
        self,
        device: Device,
        known: Description,
        channel: Channel,
        failure: SourceError | None,
        looks: Looks,
        now: datetime,
    ) -> Camera:
        name = _name(device, channel)
        site = self.sites.of(name) if name in self.sites.by_camera else self.sites.of(device.id)
        is_only = len(known.channels) == 1
        look = _judged(looks.of(name, now), channel, failure, is_only, now)
        return Camera(
            id=f"{self.key}.{name}",
            source=self.key,
            name=site.name or (known.name if is_only else f"{known.name} {channel.source}"),
            department=self.department,
            lon=site.position[0],
            lat=site.position[1],
            address=site.address,
            state=look.state,
            seen_at=look.seen_at,
            form="ptz" if channel.has_ptz else "",
            hub="" if is_only else device.id,
            media=f"{device.id} {channel.media}" if channel.media else "",
        )


def _name(device: Device, channel: Channel) -> str:
    """A camera's name within its source."""
    token = "".join(letter if letter.isalnum() or letter in "-_." else "-" for letter in channel.source)
    return f"{device.id}.{token}" if device.id else token


def _judged(look: Look, channel: Channel, failure: SourceError | None, is_only: bool, now: datetime) -> Look:
    """A silent device has no living camera; one that answers is the keep-alive of its only camera without pictures.

    The first picture of a device that answers is believed; one that stays the same is not.
    """
    if isinstance(failure, SourceAuthFailed):
        return Look(now, DeviceState.UNKNOWN, look.seen_at)
    if failure is not None:
        return Look(now, DeviceState.OFFLINE, look.seen_at)
    if is_only and f'"{Transport.SNAPSHOT}"' not in channel.media:
        return Look(now, DeviceState.ONLINE, now)
    is_first = look.state is DeviceState.UNKNOWN and look.marked_at is not None and not look.failures
    return Look(now, DeviceState.ONLINE, look.marked_at) if is_first else look


def devices_of(settings: SourceSettings, options: OnvifOptions, http: HttpClient) -> tuple[Device, ...]:
    """The devices of a source: those listed, else the one at its own address."""
    if not options.devices:
        return (Device("", settings.url, "", options.login, options.hosts, options.profile, http),)
    return tuple(
        Device(
            device.id,
            device.url,
            device.name,
            options.login_of(device),
            (*options.hosts, *device.hosts),
            options.profile,
            http,
        )
        for device in options.devices
    )


def build(settings: SourceSettings, http: HttpClient) -> OnvifSource:
    """Make the source; raises ValueError for wrong options."""
    options = read_options(OnvifOptions, settings)
    manifest = configured(MANIFEST, settings)
    return OnvifSource(
        key=settings.key,
        department=settings.department,
        manifest=manifest,
        devices=devices_of(settings, options, http),
        sites=read_sites(options, manifest.crs),
        options=options,
        http=http,
    )
