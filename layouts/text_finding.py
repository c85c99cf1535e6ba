"""Texts of finding and understanding: search, explanations, shapes, lists, exports, keys."""

from __future__ import annotations

FINDING_TEXTS: dict[str, tuple[str, str]] = {
    # columns
    "field.community": ("村居", "Community"),
    "field.lon": ("经度 (WGS-84)", "Longitude (WGS-84)"),
    "field.lat": ("纬度 (WGS-84)", "Latitude (WGS-84)"),
    "field.source": ("数据源", "Source"),
    "field.unit": ("单位", "Unit"),
    "field.overdue_min": ("超期（分钟）", "Overdue (min)"),
    "field.rejected_total": ("累计退回", "Rejected in total"),
    "field.issued_at": ("发布时间", "Issued"),
    # exports
    "export.about": ("说明", "About"),
    "export.what": ("内容", "Content"),
    "export.at": ("导出时间", "Exported"),
    "export.zone": ("时间所用时区", "Times are in"),
    "export.total": ("符合条件", "Records that match"),
    "export.rows": ("本表行数", "Rows in this table"),
    "export.filter": ("条件", "Filter"),
    "export.none": ("无", "none"),
    "export.district": ("区", "District"),
    "collection.cameras": ("摄像机", "Cameras"),
    "collection.sensors": ("物联设备", "Sensors"),
    "collection.warnings": ("气象预警", "Weather warnings"),
    "collection.forecasts": ("天气预报", "Forecasts"),
    "collection.cases": ("案件", "Cases"),
    "collection.alarms": ("告警", "Alarms"),
    "collection.officers": ("人员", "Officers"),
    "collection.places": ("地点", "Places"),
    "collection.components": ("部件", "Managed components"),
    "collection.areas": ("区域", "Areas"),
    "collection.departments": ("部门", "Departments"),
    "collection.sources": ("数据源", "Sources"),
}
