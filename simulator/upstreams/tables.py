"""Tables as departments export them: CSV with a byte order mark for Excel, Chinese headings, comma, CRLF."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from starlette.routing import BaseRoute, Route

from simulator.upstreams.context import Upstream
from simulator.upstreams.reply import StaticReply

CSV = "text/csv; charset=utf-8"
_PLACE_HEADINGS = ("编号", "名称", "英文名称", "类型", "地址", "经度", "纬度", "规模", "联系电话")
_COMPONENT_HEADINGS = ("部件标识码", "部件类型", "部件名称", "大类", "位置描述", "经度", "纬度", "所属单元网格")
_DEPARTMENT_HEADINGS = ("部门编码", "部门名称", "英文名称", "值班电话", "值班人员")
_STAFF_HEADINGS = ("工号", "姓名", "岗位", "联系电话", "所属部门", "责任网格")


def place_routes(upstream: Upstream, kinds: Sequence[str]) -> Sequence[BaseRoute]:
    """Places of `kinds` at `/export.csv`."""
    wanted = frozenset(kinds)
    rows = (
        (
            place.code,
            place.name,
            place.name_en,
            place.kind,
            place.address,
            f"{place.lon:.6f}",
            f"{place.lat:.6f}",
            place.capacity,
            place.phone,
        )
        for place in upstream.city.places
        if place.kind in wanted
    )
    return [_table("/export.csv", _PLACE_HEADINGS, rows)]


def component_routes(upstream: Upstream) -> Sequence[BaseRoute]:
    """Managed components at `/export.csv`."""
    rows = (
        (
            component.code,
            component.kind,
            component.kind_name,
            component.category,
            component.address,
            f"{component.lon:.6f}",
            f"{component.lat:.6f}",
            component.grid,
        )
        for component in upstream.city.components
    )
    return [_table("/export.csv", _COMPONENT_HEADINGS, rows)]


def directory_routes(upstream: Upstream) -> Sequence[BaseRoute]:
    """Departments at `/departments.csv`, staff at `/staff.csv`."""
    departments = (
        (department.key, department.name, department.name_en, department.phone, department.duty_officer)
        for department in upstream.city.departments
    )
    staff = (
        (officer.code, officer.name, officer.role, officer.phone, officer.department, officer.grid)
        for officer in upstream.city.officers
    )
    return [
        _table("/departments.csv", _DEPARTMENT_HEADINGS, departments),
        _table("/staff.csv", _STAFF_HEADINGS, staff),
    ]


def _table(path: str, headings: Sequence[str], rows: Iterable[Sequence[object]]) -> Route:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(headings)
    writer.writerows(rows)
    return Route(path, StaticReply(text.getvalue().encode("utf-8-sig"), CSV))
