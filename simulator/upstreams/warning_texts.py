"""What a weather office writes in a warning: words for colours and advice for hazards, in Chinese and English."""

from __future__ import annotations

from dataclasses import dataclass

from simulator.model import CityWarning


@dataclass(frozen=True, slots=True)
class ColourWords:
    """How a warning's colour is said."""

    name: str
    grade: str
    severity: str  # CAP
    name_en: str


COLOURS = {
    "blue": ColourWords("蓝色", "Ⅳ级/一般", "Minor", "Blue"),
    "yellow": ColourWords("黄色", "Ⅲ级/较重", "Moderate", "Yellow"),
    "orange": ColourWords("橙色", "Ⅱ级/严重", "Severe", "Orange"),
    "red": ColourWords("红色", "Ⅰ级/特别严重", "Extreme", "Red"),
}

_FORECASTS = {
    "暴雨": {
        "blue": "预计未来6小时内{areas}将出现强降水，1小时降雨量可达35毫米以上。",
        "yellow": "受强对流云团影响，预计未来6小时内{areas}将出现50毫米以上降雨，低洼地区易积水。",
        "orange": "{areas}1小时降雨量已达60毫米以上，预计降雨将持续，道路积水和下立交积水风险高。",
        "red": "{areas}3小时降雨量已达100毫米以上，降雨将持续，极易发生严重内涝。",
    },
    "大风": {"blue": "预计未来12小时内{areas}将出现6至7级、阵风8级的大风。"},
    "雷电": {"yellow": "预计未来6小时内{areas}将发生雷电活动，并可能伴有短时强降水和雷雨大风。"},
    "高温": {"yellow": "预计今天{areas}最高气温将升至35℃以上。"},
    "大雾": {"yellow": "预计未来12小时内{areas}将出现能见度小于500米的雾。"},
}
_ADVICE = {
    "暴雨": (
        "请做好防涝准备，切断低洼地带室外电源，车辆不要驶入积水路段和下立交。",
        "Avoid flooded roads and underpasses.",
    ),
    "大风": ("请加固户外广告牌和脚手架，船舶回港避风。", "Secure loose objects; vessels should return to port."),
    "雷电": ("请留在室内，远离金属门窗和高大树木。", "Stay indoors, away from metal and tall trees."),
    "高温": ("请减少午后户外活动，注意防暑降温。", "Avoid outdoor work in the afternoon; drink water."),
    "大雾": ("请谨慎驾驶，轮渡和港口加强调度。", "Drive with care; ferries may be suspended."),
}


def headline(warning: CityWarning, office: str) -> str:
    """The one line that everybody reads."""
    colour = COLOURS[warning.colour]
    verb = {"Cancel": "解除", "Update": "更新"}.get(warning.message_type, "发布")
    drill = "【演练】" if warning.status == "Exercise" else ""
    return f"{drill}{office}{verb}{warning.hazard}{colour.name}预警[{colour.grade}]"


def headline_en(warning: CityWarning) -> str:
    """The same in English."""
    verb = {"Cancel": "cancelled", "Update": "updated"}.get(warning.message_type, "issued")
    drill = "EXERCISE: " if warning.status == "Exercise" else ""
    return f"{drill}{warning.hazard_en} {COLOURS[warning.colour].name_en} Warning {verb}"


def description(warning: CityWarning) -> str:
    """What is expected, where."""
    areas = "、".join(warning.area_names)
    if warning.message_type == "Cancel":
        return f"{areas}{warning.hazard}天气已减弱，{warning.hazard}{COLOURS[warning.colour].name}预警信号解除。"
    forecast = _FORECASTS.get(warning.hazard, {}).get(warning.colour)
    return (forecast or "预计未来6小时内{areas}将受" + warning.hazard + "影响。").format(areas=areas)


def description_en(warning: CityWarning) -> str:
    """What is expected, in English."""
    if warning.message_type == "Cancel":
        return f"The {warning.hazard_en.lower()} warning is lifted."
    return f"{warning.hazard_en} is affecting or expected to affect the warned area within 6 hours."


def advice(warning: CityWarning) -> tuple[str, str]:
    """What to do, in Chinese and English."""
    return _ADVICE.get(warning.hazard, ("请注意防范。", "Take precautions."))
