"""Texts of the map: layers, legend, buttons."""

from __future__ import annotations

MAP_TEXTS: dict[str, tuple[str, str]] = {
    "map.label": ("全区态势地图，方向键移动，加减键缩放", "Map of the district: arrows move it, plus and minus zoom"),
    "map.layers": ("图层", "Layers"),
    "map.layer.camera": ("摄像机", "Cameras"),
    "map.layer.offline": ("离线", "Offline"),
    "map.layer.sensor": ("物联", "Sensors"),
    "map.layer.case": ("案件", "Cases"),
    "map.layer.overdue": ("超期", "Overdue"),
    "map.layer.alarm": ("告警", "Alarms"),
    "map.layer.officer": ("人员", "Officers"),
    "map.layer.place": ("地点", "Places"),
    "map.layer.warning_area": ("预警区", "Warning area"),
    "map.layer.streets": ("街镇", "Streets"),
    "map.thinned": ("一个标记代表多个，最差状态优先显示", "One sign stands for several; the worst state is shown"),
    "map.zoom_in": ("放大", "Zoom in"),
    "map.zoom_out": ("缩小", "Zoom out"),
    "map.home": ("回到全区", "Whole district"),
    "map.no_detail": ("暂时无法读取", "Not available right now"),
}
