"""A canned moment of a stormy afternoon: one wire panel for every panel of the overview."""

from __future__ import annotations

from typing import Any

AT_MS = 1_786_257_128_000  # 2026-08-09 14:32:08 in Shanghai
MINUTE_MS = 60_000
HOUR_MS = 3_600_000

STREETS = [
    ("310113101", "大场镇", "Dachang", 214, 9, 203),
    ("310113109", "顾村镇", "Gucun", 186, 4, 180),
    ("310113103", "杨行镇", "Yanghang", 163, 3, 166),
    ("310113104", "月浦镇", "Yuepu", 132, 7, 124),
    ("310113003", "友谊路街道", "Youyilu Subdistrict", 118, 1, 106),
    ("310113102", "罗店镇", "Luodian", 104, 2, 106),
    ("310113007", "吴淞街道", "Wusong Subdistrict", 92, 6, 85),
    ("310113008", "张庙街道", "Zhangmiao Subdistrict", 71, 0, 74),
    ("310113112", "淞南镇", "Songnan", 58, 2, 54),
    ("310113111", "庙行镇", "Miaohang", 49, 1, 51),
    ("310113110", "高境镇", "Gaojing", 43, 1, 44),
    ("310113108", "罗泾镇", "Luojing", 34, 1, 35),
    ("310113501", "宝山工业园区", "Baoshan Industrial Park", 20, 0, None),
]
DEPARTMENTS = [
    ("public-security", "公安分局", "Public security"),
    ("traffic-police", "交警支队", "Traffic police"),
    ("fire-rescue", "消防救援", "Fire and rescue"),
    ("emergency", "应急局", "Emergency"),
    ("water-affairs", "水务局", "Water affairs"),
    ("drainage", "排水公司", "Drainage"),
    ("urban-management", "城管执法", "Urban management"),
    ("greening-sanitation", "绿化市容", "Greening"),
    ("construction", "建管委", "Construction"),
    ("transport", "交通委", "Transport"),
    ("housing", "房管局", "Housing"),
    ("ecology", "生态环境", "Ecology"),
    ("meteorology", "气象局", "Meteorology"),
    ("maritime", "海事局", "Maritime"),
    ("power", "供电公司", "Power"),
    ("gas", "燃气集团", "Gas"),
    ("water-supply", "自来水", "Water supply"),
    ("health", "卫健委", "Health"),
    ("education", "教育局", "Education"),
    ("civil-affairs", "民政局", "Civil affairs"),
    ("market-supervision", "市场监管", "Market"),
    ("economy", "经委", "Economy"),
    ("culture-tourism", "文旅局", "Culture"),
    ("telecom", "通信保障", "Telecom"),
    ("big-data", "大数据中心", "Big data"),
    ("city-operations", "城运中心", "City operations"),
]


def alarm(number: int, priority: int, name: str, ago_s: int, **more: Any) -> dict[str, Any]:
    """An AlarmRow of the contract, unacknowledged unless `more` says otherwise."""
    return {
        "id": f"threshold-{number}",
        "number": number,
        "rule": "threshold",
        "priority": priority,
        "name": name,
        "street": "友谊路街道",
        "street_en": "Youyilu Subdistrict",
        "department": "水务局",
        "department_en": "Water affairs",
        "value": None,
        "unit": "",
        "limit": None,
        "count": 1,
        "started_at": AT_MS - ago_s * 1000,
        "acknowledged_at": None,
        "acknowledged_by": "",
        "lon": 121.49,
        "lat": 31.4,
        "explanation": "{}",
        **more,
    }


def acknowledged(who: str, ago_min: int) -> dict[str, Any]:
    """What an acknowledged alarm has beside the rest."""
    return {"acknowledged_at": AT_MS - ago_min * MINUTE_MS, "acknowledged_by": who}


ALARMS = [
    alarm(1, 1, "宝杨路下立交积水", 137, value=42.0, unit="cm", limit=25.0, count=2),
    alarm(2, 2, "吴淞口导堤瞬时风", 48, value=24.1, unit="m/s", limit=20.8, department="气象局"),
    alarm(3, 3, "陆翔路燃气井甲烷", 302, value=18.0, unit="% LEL", limit=10.0, count=3, street="顾村镇"),
    alarm(4, 2, "蕰藻浜东闸水位", 1100, value=3.12, unit="m", limit=3.2, **acknowledged("李某", 18)),
    alarm(5, 3, "月浦镇", 1600, rule="camera_outage", value=214.0, **acknowledged("王某", 26)),
    alarm(6, 3, "顾村镇暴露垃圾", 2500, rule="case_surge", value=9.0, **acknowledged("", 41)),
    alarm(7, 4, "长江西路泵站 2 号泵", 3100, **acknowledged("赵某", 50)),
    *[
        alarm(n, 3, f"第 {n} 号点位水位", 4000 + n, value=1.5, unit="m", **acknowledged("孙某", 60))
        for n in range(8, 15)
    ],
]


def warning(event: str, event_en: str, level: str, ago_min: int, **exposure: int) -> dict[str, Any]:
    """A row of the warnings panel."""
    return {
        "id": f"310113-{event}-{level}",
        "event": event,
        "level": level,
        "level_text": level,
        "headline": f"上海中心气象台发布{event}预警信号",
        "headline_en": f"{event_en} warning, {level}",
        "sent_at": AT_MS - ago_min * MINUTE_MS,
        "onset_at": AT_MS - ago_min * MINUTE_MS,
        "expires_at": AT_MS + 4 * HOUR_MS,
        "is_actual": True,
        "areas": ["宝山区"],
        "exposure": exposure,
    }


WARNINGS = [
    warning(
        "暴雨", "Rainstorm", "orange", 27, streets=6, grids=412, cameras=6120, underpasses=9, schools=31, hospitals=4
    ),
    warning("台风", "Typhoon", "yellow", 302, streets=13, grids=1204, cameras=18000, underpasses=23, schools=96),
    warning("风暴潮", "Storm surge", "blue", 210, streets=4, grids=96),
]

HOURS = [14, 9, 7, 6, 8, 11, 24, 46, 66, 78, 61, 58, 77, 92, 74]
USUAL = [12, 8, 6, 5, 6, 8, 20, 38, 60, 70, 62, 50, 46, 52, 58, 62, 55, 44, 36, 30, 27, 24, 20, 16]
RIVER = [[AT_MS - (90 - n) * 2 * MINUTE_MS, 2.62 + 0.5 * (n / 90) ** 2] for n in range(91)]


def panel(values: dict[str, Any], state: str = "live", ago_s: float = 3, **more: Any) -> dict[str, Any]:
    """A wire panel."""
    return {
        "state": state,
        "as_of": AT_MS - int(ago_s * 1000),
        "coverage": None,
        "reason": None,
        "values": values,
        **more,
    }


def _departments() -> list[list[Any]]:
    overdue = [0, 2, 0, 0, 9, 6, 5, 8, 2, 0, 4]
    return [
        [key, zh, en, 180 - 7 * n, overdue[n] if n < len(overdue) else 0, "delayed" if key == "telecom" else "live"]
        for n, (key, zh, en) in enumerate(DEPARTMENTS)
    ]


def panels() -> dict[str, dict[str, Any]]:
    """Every panel, as the snapshot's header carries them."""
    total = sum(row[3] for row in STREETS)
    return {
        "kpi": panel(
            {
                "cases_today": 652,
                "cases_today_before": 373,
                "cases_reported_today": 747,
                "cases_open": 1284,
                "cases_open_before": 1315,
                "cases_overdue": 37,
                "oldest_overdue_s": 187_200,
                "ontime_rate": 0.968,
                "ontime_target": 0.95,
                "cameras_total": 18000,
                "cameras_online": 17568,
                "sensors_total": 10000,
                "sensors_online": 9890,
                "alarms_active": 14,
                "warnings_active": 3,
                "sources_total": 30,
                "sources_ok": 29,
                "departments_total": 26,
                "departments_ok": 25,
            }
        ),
        "hourly": panel(
            {
                "day": "2026-08-09",
                "counts": HOURS,
                "low": [n * 0.75 for n in USUAL],
                "high": [n * 1.3 for n in USUAL],
                "median": USUAL,
            }
        ),
        "streets": panel({"rows": [list(row) for row in STREETS], "total": [total, 37], "elsewhere": [0, 0]}),
        "watched": panel(
            {
                "sensor": "river-1",
                "number": 7,
                "name": "蕰藻浜东闸水位",
                "place": "蕰藻浜东闸",
                "unit": "m",
                "kind": "river_level",
                "points": RIVER,
                "limit": 3.2,
                "limit_level": 2,
                "rate_per_h": 0.18,
                "projection": [[AT_MS + n * 10 * MINUTE_MS, 3.12 + 0.03 * n] for n in range(1, 5)],
            },
            state="delayed",
            ago_s=372,
        ),
        "map": panel({"warning_areas": [], "bounds": [121.2, 31.2, 121.6, 31.6], "callouts": []}, ago_s=1),
        "banner": panel(
            {
                "alarm": ALARMS[0],
                "weather": {"temperature_c": 26.4, "wind_mps": 18.2, "wind_from_deg": 135.0, "rain_mm": 30.1},
            }
        ),
        "pipeline": panel(
            {
                "steps": [
                    ["collect", 95, 0],
                    ["register", 96, 0],
                    ["dispatch", 133, 4],
                    ["handle", 902, 33],
                    ["reply", 95, 0],
                    ["close", 58, 0],
                    ["evaluate", 0, 0],
                ],
                "closed_today": 418,
                "open_before": 1050,
                "new_today": 652,
            }
        ),
        "warnings": panel({"rows": WARNINGS}, ago_s=65),
        "alarms": panel({"unacknowledged": 3, "handling": 11, "rows": ALARMS, "total": 14}, ago_s=1),
        "cameras": panel(
            {
                "about": "alarm/threshold-1",
                "about_name": "宝杨路下立交",
                "tiles": [
                    {
                        "id": f"3101130000132000000{n}",
                        "number": n,
                        "name": name,
                        "distance_m": distance,
                        "bearing_deg": 90.0,
                        "state": state,
                        "seen_at": AT_MS - 12 * MINUTE_MS if state == "offline" else AT_MS,
                    }
                    for n, (name, distance, state) in enumerate(
                        [
                            ("下立交东入口", 86, "online"),
                            ("西入口", 92, "offline"),
                            ("牡丹江路口", 143, "online"),
                            ("泵站前池", 171, "online"),
                            *[(f"点位 {n}", 200 + 40 * n, "online") for n in range(5, 13)],
                        ]
                    )
                ],
            },
            state="partial",
            coverage=0.63,
            reason=["reason.sources-down", "城管执法局视频"],
        ),
        "origins": panel(
            {
                "rows": [
                    ["hotline", 241, 150],
                    ["inspector", 168, 113],
                    ["sensor", 131, 42],
                    ["video", 74, 40],
                    ["public", 38, 35],
                ]
            }
        ),
        "duty": panel(
            {
                "rows": [
                    ["grid_officer", 216, 364],
                    ["inspector", 84, 126],
                    ["traffic_police", 62, 90],
                    ["drainage_crew", 18, 31],
                ],
                "departments": [],
            },
            ago_s=62,
        ),
        "timeline": panel(
            {
                "from": AT_MS - 2 * HOUR_MS,
                "to": AT_MS + 10 * MINUTE_MS,
                "warnings": [{**row, "from": row["sent_at"], "to": row["expires_at"]} for row in WARNINGS],
                "alarms": [
                    [row["started_at"], row["priority"], row["acknowledged_at"] is not None, row["name"]]
                    for row in ALARMS
                ],
                "cases": [[AT_MS - (12 - n) * 10 * MINUTE_MS, 12 + n] for n in range(12)],
                "events": [[AT_MS - 100 * MINUTE_MS, "泵车 6 台前置"], [AT_MS - 30 * MINUTE_MS, "防汛Ⅲ级响应"]],
            },
            ago_s=1,
        ),
        "departments": panel({"rows": _departments()}),
    }
