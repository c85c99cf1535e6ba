"""A district of a handful of everything, and how it behaves: simple enough to know every answer by heart."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from shapely import LineString, box

from simulator.behaviour import Behaviour
from simulator.model import (
    CameraView,
    CaseTask,
    City,
    CityArea,
    CityCamera,
    CityCase,
    CityComponent,
    CityDepartment,
    CityOfficer,
    CityPlace,
    CitySensor,
    CityWarning,
    Line,
    OfficerFix,
    Quantity,
    Schedule,
    StorylineKind,
    VideoAlarm,
    Weather,
)

START = datetime(2026, 11, 21, 21, 0, tzinfo=UTC)
CENTRE = (121.48, 31.40)
STREET = "310113003"
GRID = "310113003001001"
SITE = {"street": STREET, "community": "310113003001", "grid": GRID, "address": "友谊路 100 号"}
WATER = Quantity(
    observed_property="underpass_water",
    name="积水深度",
    unit="cm",
    interval_s=60,
    limits=((1, 25.0, True), (2, 15.0, True)),
)
RIVER = Quantity(observed_property="river_level", name="水位", unit="m", interval_s=300, limits=())
SCENES = ("road", "junction", "underpass", "river", "gate", "market", "wharf", "compound", "school", "park")


def _area(code: str, name: str, kind: str, parent: str) -> CityArea:
    shape = box(121.40, 31.30, 121.56, 31.50)
    return CityArea(
        code=code,
        name=name,
        name_en=name,
        kind=kind,
        scheme="administrative",
        parent=parent,
        shape=shape,
        population=1000,
        elevation_m=3.2,
    )


def _camera(number: int) -> CityCamera:
    platforms = (("police-video",), ("urban-video",), ("police-video", "urban-video"))[number % 3]
    return CityCamera(
        code=f"3101130400132600{number:04d}",
        name=f"友谊路{number}号",
        lon=CENTRE[0] + number / 1000,
        lat=CENTRE[1],
        department="public-security",
        platforms=platforms,
        device="31011304001186000001",
        switch="switch-1",
        ptz_type=1 + number % 3,
        facing_deg=90.0,
        is_gcj02=number % 2 == 1,
        scene=SCENES[number % len(SCENES)],
        **SITE,
    )


def _sensor(number: int, upstream: str, kind: str, quantity: Quantity) -> CitySensor:
    return CitySensor(
        code=f"{upstream}-{number}",
        name=f"{kind}{number}",
        lon=CENTRE[0] + number / 1000,
        lat=CENTRE[1] + 0.001,
        department="drainage",
        kind=kind,
        name_en=kind,
        upstream=upstream,
        quantities=(quantity,),
        place="",
        switch="",
        **SITE,
    )


def _place(number: int, kind: str) -> CityPlace:
    return CityPlace(
        code=f"place-{kind}-{number}",
        name=f"{kind}{number}",
        lon=CENTRE[0],
        lat=CENTRE[1],
        department="education",
        kind=kind,
        name_en=kind,
        capacity=500,
        phone="021-56100000",
        **SITE,
    )


PLACE_KINDS = (
    "school",
    "hospital",
    "underpass",
    "pumping_station",
    "wharf",
    "metro_station",
    "hazardous_firm",
    "residential",
    "shelter",
    "market",
    "sight",
    "park",
    "site",
)
DEPARTMENTS = (
    "public-security",
    "urban-management",
    "traffic-police",
    "fire-rescue",
    "emergency",
    "water-affairs",
    "drainage",
    "greening-sanitation",
    "construction",
    "transport",
    "housing",
    "ecology",
    "meteorology",
    "maritime",
    "power",
    "gas",
    "water-supply",
    "health",
    "education",
    "civil-affairs",
    "market-supervision",
    "economy",
    "culture-tourism",
    "telecom",
    "big-data",
    "city-operations",
)

CITY = City(
    adcode="310113",
    name="宝山区",
    name_en="Baoshan",
    seed=7,
    scale=1,
    outline=box(121.40, 31.30, 121.56, 31.50),
    areas=(
        _area("310113", "宝山区", "district", "310100"),
        _area(STREET, "友谊路街道", "street", "310113"),
        _area("310113003001", "临江社区", "community", STREET),
        _area(GRID, "单元网格", "grid", "310113003001"),
    ),
    lines=(Line(name="友谊路", kind="major_road", shape=LineString([(121.45, 31.40), (121.50, 31.41)]), width_m=30),),
    green=(("临江公园", box(121.49, 31.41, 121.50, 31.42)),),
    water=(("长江", box(121.53, 31.30, 121.56, 31.50)),),
    buildings=(box(121.470, 31.400, 121.471, 31.401),),
    places=tuple(_place(number, kind) for kind in PLACE_KINDS for number in range(2)),
    cameras=tuple(_camera(number) for number in range(60)),
    sensors=(
        *(_sensor(number, "drainage-sensors", "underpass_water", WATER) for number in range(250)),
        *(_sensor(number, "water-sensors", "river_level", RIVER) for number in range(3)),
    ),
    components=(
        CityComponent(
            code="3101130103000001",
            name="雨水井盖",
            lon=CENTRE[0],
            lat=CENTRE[1],
            department="drainage",
            kind="manhole_rain",
            kind_name="雨水井盖",
            category="公用设施",
            **SITE,
        ),
    ),
    officers=tuple(
        CityOfficer(
            code=f"WG{number:04d}",
            name="张伟",
            lon=CENTRE[0],
            lat=CENTRE[1],
            department="city-operations",
            role="grid_officer",
            phone="13800000000",
            **SITE,
        )
        for number in range(4)
    ),
    departments=tuple(
        CityDepartment(key=key, name=f"{key}局", name_en=key, phone="021-56000000", duty_officer="李强")
        for key in DEPARTMENTS
    ),
)


class TinyBehaviour(Behaviour):
    """Known answers. `down` maps an upstream's key to the storyline that has hit it."""

    def __init__(self) -> None:
        super().__init__(CITY, Schedule())
        self.down: dict[str, StorylineKind] = {}
        self.rain_mmph = 0.0

    def weather(self, at: datetime, lon: float | None = None, lat: float | None = None) -> Weather:
        return Weather(
            at=at,
            temperature_c=18.24,
            rain_mmph=self.rain_mmph,
            wind_mps=5.0,
            gust_mps=9.0,
            wind_from_deg=90.0,
            pressure_hpa=1012.3,
            visibility_km=8.0,
            humidity_percent=80.0,
            text="大雨",
            text_en="Heavy rain",
        )

    def camera_views(self, cameras: Sequence[CityCamera], at: datetime) -> list[CameraView]:
        """Cameras whose code ends in 0 are dead since an hour."""
        return [
            CameraView(
                is_online=not camera.code.endswith("0"),
                keepalive_at=at - timedelta(hours=1) if camera.code.endswith("0") else at - timedelta(seconds=20),
            )
            for camera in cameras
        ]

    def readings(
        self, sensor: CitySensor, quantity_index: int, since: datetime, until: datetime
    ) -> list[tuple[datetime, float]]:
        """On the grid of the interval; the value is the minute of the hour."""
        step = sensor.quantities[quantity_index].interval_s
        first = (int(since.timestamp()) // step + 1) * step
        times = [datetime.fromtimestamp(second, UTC) for second in range(first, int(until.timestamp()) + 1, step)]
        return [(at, float(at.minute)) for at in times]

    def latest_readings(self, sensors: Sequence[CitySensor], at: datetime) -> list[list[tuple[datetime, float] | None]]:
        return [
            [self.readings(sensor, 0, at - timedelta(seconds=sensor.quantities[0].interval_s), at)[-1]]
            for sensor in sensors
        ]

    def cases(self, since: datetime, until: datetime, at: datetime) -> list[CityCase]:
        """One case per hour and case upstream for forty days, closed two hours later."""
        found = [self._case(number, at) for number in range(960)]
        return [
            case
            for case in found
            if case.reported_at <= at and (since <= case.reported_at <= until or since <= case.updated_at <= until)
        ]

    def case(self, number: str, at: datetime) -> CityCase | None:
        case = self._case(int(number[1:]), at)
        return case if case.reported_at <= at else None

    def _case(self, number: int, at: datetime) -> CityCase:
        upstream = ("case-centre", "greening-cases", "traffic-cases", "market-cases")[number % 4]
        reported_at = START - timedelta(hours=number)
        steps = (("reported", 0), ("registered", 10), ("dispatched", 20), ("in_progress", 60), ("closed", 120))
        tasks = tuple(
            CaseTask(at=reported_at + timedelta(minutes=minutes), state=state, owner="绿化市容局")
            for state, minutes in steps
            if reported_at + timedelta(minutes=minutes) <= at
        )
        is_closed = bool(tasks) and tasks[-1].state == "closed"
        return CityCase(
            number=f"C{number:05d}",
            upstream=upstream,
            category="市容环境",
            subcategory="暴露垃圾",
            subcategory_code="0101",
            is_component=False,
            origin="inspector",
            priority=3,
            description="友谊路 <b>垃圾</b> & 堆物",
            address="友谊路 1 号",
            lon=CENTRE[0],
            lat=CENTRE[1],
            street=STREET,
            community="310113003001",
            grid=GRID,
            department="greening-sanitation",
            state=tasks[-1].state if tasks else "reported",
            reported_at=reported_at,
            registered_at=reported_at + timedelta(minutes=10),
            due_at=reported_at + timedelta(hours=4),
            closed_at=tasks[-1].at if is_closed else None,
            updated_at=tasks[-1].at if tasks else reported_at,
            tasks=tasks,
        )

    def warnings(self, at: datetime) -> list[CityWarning]:
        messages = (
            ("w1", "Alert", "Actual", "blue", -60, (), ((121.4, 31.3), (121.5, 31.3), (121.5, 31.4))),
            ("w2", "Update", "Actual", "orange", -30, ("qx@example.invalid,w1,2026-11-21T20:00:00+00:00",), None),
            ("w3", "Alert", "Exercise", "red", -20, (), None),
        )
        return [
            CityWarning(
                identifier=identifier,
                sender="qx@example.invalid",
                message_type=message_type,
                status=status,
                hazard="暴雨",
                hazard_en="Rainstorm",
                colour=colour,
                sent_at=START + timedelta(minutes=minutes),
                onset_at=START + timedelta(minutes=minutes),
                expires_at=START + timedelta(hours=6),
                references=references,
                area_names=("宝山区",),
                area_codes=("310113",),
                polygon=polygon,
            )
            for identifier, message_type, status, colour, minutes, references, polygon in messages
            if START + timedelta(minutes=minutes) <= at
        ]

    def officer_fixes(self, at: datetime) -> list[OfficerFix]:
        return [
            OfficerFix(
                officer=officer.code,
                lon=officer.lon,
                lat=officer.lat,
                at=at,
                speed_mps=1.0,
                heading_deg=45.0,
                on_duty=True,
            )
            for officer in CITY.officers
        ]

    def video_alarms(self, since: datetime, until: datetime) -> list[VideoAlarm]:
        at = START - timedelta(minutes=5)
        alarm = VideoAlarm(code="VA1", camera=CITY.cameras[0].code, type="crowd", at=at, description="人员聚集")
        return [alarm] if since < at <= until else []

    def is_down(self, upstream_key: str, at: datetime) -> StorylineKind | None:
        return self.down.get(upstream_key)
