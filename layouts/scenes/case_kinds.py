"""English names of the usual 大类 and 小类 (after GB/T 30428); others are shown as the upstream says them."""

from __future__ import annotations

_CATEGORIES = {
    "市容环境": "City appearance",
    "宣传广告": "Advertising",
    "施工管理": "Building sites",
    "突发事件": "Sudden events",
    "街面秩序": "Street order",
    "扩展事件": "Further events",
    "公用设施": "Utilities",
    "道路交通设施": "Road fixtures",
    "市容环境设施": "Sanitary fixtures",
    "园林绿化设施": "Green fixtures",
}

_SUBCATEGORIES = {
    "暴露垃圾": "Exposed rubbish",
    "积存渣土": "Rubble left lying",
    "道路不洁": "Dirty road",
    "绿地脏乱": "Untidy green",
    "乱堆物堆料": "Stacked goods",
    "水域不洁": "Dirty water",
    "非法小广告": "Illegal stickers",
    "违规户外广告": "Unlicensed sign",
    "施工扰民": "Site noise",
    "工地扬尘": "Site dust",
    "施工占道": "Site on road",
    "道路积水": "Flooded road",
    "路面塌陷": "Road cave-in",
    "燃气异味": "Smell of gas",
    "树木倒伏": "Fallen tree",
    "占道经营": "Stall on road",
    "无照经营": "Unlicensed trade",
    "食品安全投诉": "Food complaint",
    "机动车乱停放": "Car parking",
    "非机动车乱停放": "Bicycle parking",
    "交通事故": "Traffic accident",
    "交通拥堵": "Congestion",
    "违法搭建": "Illegal building",
    "小区管理": "Compound upkeep",
    "电动车飞线充电": "Unsafe charging",
    "雨水井盖": "Rain manhole",
    "污水井盖": "Sewer manhole",
    "通信井盖": "Telecom manhole",
    "路灯": "Street lamp",
    "消防栓": "Hydrant",
    "交通护栏": "Guard rail",
    "交通信号灯": "Traffic light",
    "交通标志牌": "Traffic sign",
    "公交站亭": "Bus shelter",
    "果皮箱": "Litter bin",
    "行道树": "Street tree",
}

KIND_TEXTS: dict[str, tuple[str, str]] = {
    **{f"category.{zh}": (zh, en) for zh, en in _CATEGORIES.items()},
    **{f"subcategory.{zh}": (zh, en) for zh, en in _SUBCATEGORIES.items()},
}
"""Key → (Chinese, English)."""
