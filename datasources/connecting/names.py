"""How other systems call our fields, and the words they use for states: what unknown columns are recognised by."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from datasources.fields import instant, number
from datasources.geometry import GEOMETRIES
from datasources.words.case_states import STATES
from situation.records import CaseState, DeviceState


def _is_text(value: Any) -> bool:
    return isinstance(value, str | int) and not isinstance(value, bool)


def _is_word(value: Any) -> bool:
    """A kind, and not the type of a geometry beside it."""
    return _is_text(value) and value not in GEOMETRIES


def _within(limit: float) -> Callable[[Any], bool]:
    return lambda value: (found := number(value)) is not None and abs(found) <= limit


def _is_time(value: Any) -> bool:
    return instant(value) is not None


@dataclass(frozen=True, slots=True)
class Field:
    """One of our fields: patterns for the name of its column (the likeliest first, `never`: what it is not called),
    and a test of its values."""

    name: str
    patterns: tuple[str, ...]
    fits: Callable[[Any], bool] = _is_text
    is_unique: bool = False
    never: str = "^$"


_FARTHEST = 5e7
"""Degrees, or metres of a plane, the number of its zone before them."""

_PLACED = (
    Field(
        "id",
        (
            r"^id$|^@iot\.id$|^_id$",
            r"^(code|uuid|guid|key|unique_?key|number|no|oid|bh|stcd)$",
            r"编号|编码|标识|代码|主键",
            r"^[a-z]{1,6}(bh|bm)$",
            r"(device|station|camera|point|person|case|request|thing|site|dev)_?(id|code|no)$",
            r"(_|\b)(id|code)$|[a-z](Id|ID|Code)$",
            r"^key$|id$",
            r"^序号$|^rownum$",
        ),
        is_unique=True,
    ),
    Field(
        "lon",
        (r"^(lon|lng|long|longitude|jd|lgtd)$", r"经度", r"(lon|lng|longitude)$", r"^x$|(_|\.)x$|[a-z]X$"),
        _within(_FARTHEST),
    ),
    Field(
        "lat", (r"^(lat|latitude|wd|lttd)$", r"纬度", r"(lat|latitude)$", r"^y$|(_|\.)y$|[a-z]Y$"), _within(_FARTHEST)
    ),
    Field(
        "name",
        (
            r"^(name|title|mc|label|stnm)$",
            r"名称|名字|标题|姓名",
            r"(name|title)$|[a-z]Name$",
            r"^(xm|[a-z]{1,6}mc)$",
            r"^description$",
        ),
        never=r"(contact|owner|user|manager|reporter|service|region|group|type|file)_?name|联系人|负责人",
    ),
    Field(
        "address",
        (r"^(address|addr|location|dz)$", r"地址|位置|地点", r"(address|addr)$|[a-z]Addr(ess)?$"),
        never=r"ip_?|mac_?|e?mail|url",
    ),
)
_TIMES = (
    r"(upload|update|report|observ|locat|gps|collect|result|phenomenon|sample|check|seen|keepalive).*(time|date|at)$",
    r"更新时间|上报时间|采集时间|定位时间|监测时间|时间",
    r"^(tm|time|timestamp|ts|date|datetime|[a-z]{0,4}sj)$",
    r"(time|date|_at|At)$|^last_?(reported|updated|seen|changed)$|^date_?time_?(last|utc)?$",
)
_NOT_NOW = (
    r"creat|first|regist|install|start|begin|birth|build|expir|due|end_?(time|date)|^(cj|cz|zc|az|jl)rq$"
    r"|创建|安装|注册|建成|投运|出生|到期"
)
"""Times that are of no reading: taken for one, a sensor would look alive or dead for ever."""

_STATE = Field("state", (r"^(state|status|online|zt)$", r"状态|是否在线", r"(state|status|online)$"), lambda _: True)
_PHONE = Field("phone", (r"phone|mobile|^tel$|telephone", r"电话|手机", r"^([a-z]{0,4}dh|sjhm?)$"))

FIELDS: Mapping[str, tuple[Field, ...]] = {
    "camera": (*_PLACED, Field("seen_at", _TIMES, _is_time, never=_NOT_NOW), _STATE),
    "sensor": (
        *_PLACED,
        Field("observed_at", _TIMES, _is_time, never=_NOT_NOW),
        Field("sensor_kind", (r"^(type|kind|category|lx)$", r"类型|类别", r"(type|kind)$")),
    ),
    "case": (
        *_PLACED,
        _STATE,
        Field("category", (r"^(category|type|bigclass)$", r"大类|类别|类型", r"(category|type|service_name)$")),
        Field("subcategory", (r"^(subcategory|smallclass)$", r"小类|子类")),
        Field("description", (r"^(description|desc|content|detail)$", r"描述|内容|详情|诉求")),
        Field(
            "reported_at", (r"(report|request|create|accept|submit).*(time|date|at)$", r"上报时间|受理时间"), _is_time
        ),
        Field("due_at", (r"(due|expected|deadline|limit).*(time|date|at)?$", r"截止|时限|期限"), _is_time),
        Field("closed_at", (r"(close|finish|end|complete).*(time|date|at)$", r"结案时间|办结时间|完成时间"), _is_time),
        Field("updated_at", (r"(update|modif|change).*(time|date|at)$", r"更新时间|修改时间"), _is_time),
    ),
    "officer": (
        *_PLACED,
        Field("positioned_at", _TIMES, _is_time, never=_NOT_NOW),
        Field("role", (r"^(role|post|duty|job)$", r"岗位|职务|角色", r"(role|post)$")),
        _PHONE,
        Field("on_duty", (r"on_?duty|onduty", r"在岗|当班"), lambda _: True),
        Field("speed_mps", (r"speed|velocity", r"速度"), _within(300)),
        Field("heading_deg", (r"heading|direction|course|bearing", r"方向|航向"), _within(360)),
    ),
    "place": (
        *_PLACED,
        Field(
            "place_kind", (r"^(kind|type|category|class|lx)$", r"类型|类别|分类", r"(type|kind|category)$"), _is_word
        ),
        Field("capacity", (r"capacity|容量|规模|床位|座位",), _within(1e9)),
        _PHONE,
    ),
}

ROW_NUMBER = re.compile(r"^(row_?id|objectid(_\d+)?|fid|gid|_id|序号|rownum)$", re.IGNORECASE)
"""Whole numbers there number the rows of a table, and others when the table is made anew."""

MEDIA: Mapping[str, str] = {
    "snapshot": r"snap|(^|[^m])jpe?g|image|picture|截图|抓拍",
    "hls": r"hls|m3u8",
    "flv": r"flv",
    "mjpeg": r"mjpe?g",
    "rtsp": r"rtsp",
}
"""Cameras: transport → what the name of its column, or an address in it, looks like."""

SERIES = re.compile(r"station|stn|stcd|gauge|device|sensor|point|site|thing|node|设备|站|测点", re.IGNORECASE)
"""What the rows of a series of readings are told apart by: it comes again and again."""

SERIES_ID = re.compile(
    r"(station|stn|gauge|device|sensor|site|thing|node)_?(id|code|no)$|(设备|站点?|测点)(编号|编码|代码)$",
    re.IGNORECASE,
)
"""What one sensor is told apart by: different in every row, the rows are no series."""

OF_MANY = re.compile(
    r"(state|status|online|type|kind|category|model|level|time|date|count)$|状态|在线|类型|类别|型号|厂|时间|数量",
    re.IGNORECASE,
)
"""What is said of many sensors alike (`deviceStatus`): no name of one, or all of them would become one."""

PICTURE = re.compile(r"^(rtsp://|https?://\S+(\.jpe?g|\.m3u8|\.flv|\.mjpe?g|snapshot))", re.IGNORECASE)
"""An address of a camera's picture."""

HINTS: Mapping[str, str] = {
    "officer": r"person|officer|staff|patrol|on_?duty|人员|姓名|网格员|巡查",
    "case": r"案件|工单|诉求|结案|service_request|complaint|ticket|case_?(id|no)|urgency",
    "camera": r"camera|channel|rtsp|m3u8|snapshot|video|stream|摄像|视频|监控|通道",
    "sensor": (
        r"sensor|station|^stn_|device|reading|observ|telemetry|battery|^z$|^sb[a-z]{2}$|^(sw|yl|jsh|jsss|ls|ll)$|pm2|rain|wind|gust|temp|humid|level"
        r"|水位|液位|监测|温度|浓度|雨量"
    ),
}
"""Kind of record → what names of columns of such rows look like; the first of most hits wins."""

FLAG = re.compile(r"^(is|has|can)[_A-Z]|^(是否|有无)", re.ASCII)
"""Yes or no, and no quantity."""

QUANTITY = re.compile(
    r"^(parameter|param|variable|quantity|measurement|indicator|factor|metric|item|property|observed_?property)(_?(name|code|id))?$"
    r"|^(指标|项目|因子|监测项|监测项目|监测因子|参数)(名称|编码)?$",
    re.IGNORECASE,
)
"""Where one row is one reading: what says which quantity it is of."""

MEASURED = re.compile(r"^(value|val|result|reading|data_?value|数值|值|监测值)$", re.IGNORECASE)
UNIT = re.compile(r"^units?(_?(name|code|of_?measurement))?$|^单位$", re.IGNORECASE)

DIGITS = re.compile(r"^\d+$")
"""As a word for a state: 1 is online in one system and out of order in the next."""

SURE_OF_DIGITS = re.compile(r"online|connected|alive|在线", re.IGNORECASE)
"""A column whose name says what 1 means."""

_ONLINE = ("on", "online", "1", "true", "在线", "正常", "connected", "ok", "up", "active")
_OFFLINE = ("off", "offline", "0", "false", "离线", "断线", "disconnected", "down", "inactive", "故障")
_DEVICE_WORDS = dict.fromkeys(_ONLINE, DeviceState.ONLINE) | dict.fromkeys(_OFFLINE, DeviceState.OFFLINE)
_CASE_WORDS = {**STATES, "open": CaseState.REGISTERED, "已结案": CaseState.CLOSED, "处理中": CaseState.IN_PROGRESS}
WORDS: Mapping[str, tuple[Mapping[str, Any], type[StrEnum]]] = {
    "case": (_CASE_WORDS, CaseState),
    "camera": (_DEVICE_WORDS, DeviceState),
}
