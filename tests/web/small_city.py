"""A city of one street with a few of everything, and a media fetcher that is told what to do."""

from __future__ import annotations

from datetime import datetime, timedelta

from callbacks.access import AccessPolicy
from callbacks.services import MediaUnavailable, Services
from callbacks.web import create_app
from situation.batch import Batch
from situation.records import (
    Area,
    AreaKind,
    BaseMapLayer,
    Camera,
    Case,
    CaseState,
    Datastream,
    DeviceState,
    Health,
    Observation,
    Officer,
    Sensor,
    SourceHealth,
)
from tests.web.browser_double import Client

JPEG = b"\xff\xd8\xff\xe0 a picture \xff\xd9"
SQUARE = '{"type":"Polygon","coordinates":[[[121.4,31.3],[121.6,31.3],[121.6,31.5],[121.4,31.5],[121.4,31.3]]]}'
STREET = '{"type":"Polygon","coordinates":[[[121.4,31.3],[121.5,31.3],[121.5,31.5],[121.4,31.5],[121.4,31.3]]]}'
LAYER = '{"type":"FeatureCollection","features":[]}'


class FakeMedia:
    """Gives every camera the same picture, or fails as told; counts how often it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.failure: MediaUnavailable | None = None

    def snapshot(self, source: str, media: str, timeout_s: float) -> bytes:
        self.asked.append(media)
        if self.failure is not None:
            raise self.failure
        return JPEG


def records(now: datetime) -> tuple[Batch, ...]:
    """One street with a few of everything."""
    areas = (
        Area(id="administrative/310113", source="civil", code="310113", area_kind=AreaKind.DISTRICT, geometry=SQUARE),
        Area(
            id="administrative/310113001",
            source="civil",
            code="310113001",
            area_kind=AreaKind.STREET,
            name="友谊路街道",
            geometry=STREET,
        ),
    )
    camera = {"source": "video", "lat": 31.4, "state": DeviceState.ONLINE, "seen_at": now}
    cameras = [
        Camera(id=f"c{n}", name=f"camera {n}", lon=121.41 + n / 100, media=f"ref-{n}", **camera) for n in range(5)
    ]
    stream = Datastream(id="s1-level", name="水位", unit="cm")
    sensor = Sensor(id="s1", source="water", name="下立交", lon=121.45, lat=31.4, datastreams=(stream,))
    readings = [Observation("s1-level", now - timedelta(minutes=n), 20.0 + n) for n in range(30)]
    case = Case(
        id="k1",
        source="centre",
        state=CaseState.REGISTERED,
        reported_at=now,
        due_at=now - timedelta(hours=1),
        lon=121.45,
        lat=31.4,
    )
    officer = Officer(
        id="o1", source="staff", name="<script>alert(1)</script>", phone="13812345617", lon=121.45, lat=31.4
    )
    layer = BaseMapLayer(id="water", source="base", geometry=LAYER)
    health = {"state": Health.OK, "succeeded_at": now, "content_at": now, "since_at": now}
    sources = [SourceHealth(id=key, source=key, **health) for key in ("collector", "video", "water")]
    return (
        Batch(records=areas),
        Batch(records=(*cameras, sensor, case, officer, layer), observations=tuple(readings)),
        Batch(records=tuple(sources)),
    )


def local_client(services: Services, policy: AccessPolicy | None = None, address: str = "127.0.0.1") -> Client:
    """A client at `address` that asks for localhost."""
    app = create_app(services, policy)
    return Client(app, address)
