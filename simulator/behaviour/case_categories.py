"""Categories of cases after GB/T 30428: 大类 and 小类 with their mix, time limit, department and words."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Category:
    """A 小类. `weight` is its share of an ordinary day, `limit_h` the time to handle it.

    `component_kind` names the managed component a 部件 case is about. `texts` are what inspectors write.
    """

    category: str
    name: str
    code: str
    weight: float
    limit_h: float
    priority: int
    department: str
    upstream: str
    texts: tuple[str, ...]
    component_kind: str = ""


CENTRE, GREENING, TRAFFIC, MARKET = "case-centre", "greening-cases", "traffic-cases", "market-cases"
_APPEARANCE, _ADVERTISING, _BUILDING = "市容环境", "宣传广告", "施工管理"
_EMERGENCY, _ORDER, _OTHER = "突发事件", "街面秩序", "扩展事件"
_UTILITY, _ROAD, _SANITARY, _GREEN = "公用设施", "道路交通设施", "市容环境设施", "园林绿化设施"
_G, _U, _T, _D = "greening-sanitation", "urban-management", "traffic-police", "drainage"

CATEGORIES = (
    Category(_APPEARANCE, "暴露垃圾", "0101", 118, 24, 3, _G, GREENING,
             ("{place}旁有暴露垃圾约{n}平方米，未及时清运。",
              "{road}人行道堆有袋装垃圾{n}袋，影响市容。",
              "巡查发现{place}附近垃圾散落，已拍照上传。")),
    Category(_APPEARANCE, "积存渣土", "0102", 26, 72, 3, _G, GREENING,
             ("{place}旁积存建筑渣土约{n}平方米。", "{road}路边有偷倒渣土，需清运。")),
    Category(_APPEARANCE, "道路不洁", "0103", 62, 48, 3, _G, GREENING,
             ("{road}（{place}附近）路面有泥浆污染，约{n}米。", "{place}门前路面油污未清洗。")),
    Category(_APPEARANCE, "绿地脏乱", "0105", 34, 72, 3, _G, GREENING,
             ("{place}旁绿地内有白色垃圾，约{n}平方米。", "{road}绿化带内堆有杂物。")),
    Category(_APPEARANCE, "乱堆物堆料", "0108", 58, 120, 3, "city-operations", CENTRE,
             ("{place}楼道口堆放杂物，居民反映通行不便。", "{road}人行道堆放建材，占道约{n}米。")),
    Category(_APPEARANCE, "水域不洁", "0113", 14, 72, 3, "water-affairs", CENTRE,
             ("{place}附近河面有漂浮物约{n}平方米。",)),
    Category(_ADVERTISING, "非法小广告", "0201", 46, 72, 4, _U, CENTRE,
             ("{road}灯杆、围墙上有小广告{n}处。", "{place}门口地面喷涂小广告。")),
    Category(_ADVERTISING, "违规户外广告", "0203", 16, 168, 4, _U, CENTRE,
             ("{place}沿街违规设置横幅{n}条。", "{road}灯箱广告破损，有坠落隐患。")),
    Category(_BUILDING, "施工扰民", "0301", 22, 24, 3, "ecology", CENTRE,
             ("居民反映{place}附近工地夜间施工，噪声扰民。",)),
    Category(_BUILDING, "工地扬尘", "0302", 18, 72, 3, "construction", CENTRE,
             ("{place}旁工地裸土未覆盖，扬尘明显。",)),
    Category(_BUILDING, "施工占道", "0304", 16, 168, 3, "construction", CENTRE,
             ("{road}施工围挡超出许可范围，占用车道约{n}米。",)),
    Category(_EMERGENCY, "道路积水", "0402", 5, 4, 2, _D, CENTRE,
             ("{road}（{place}附近）积水约{cm}厘米，车辆绕行。",
              "{place}门口路面积水约{cm}厘米，行人通行困难。",
              "市民来电：{road}积水，约{cm}厘米深，有车辆熄火。")),
    Category(_EMERGENCY, "路面塌陷", "0401", 3, 24, 1, "construction", CENTRE,
             ("{road}（{place}附近）路面下沉约{cm}厘米，已临时围护。",)),
    Category(_EMERGENCY, "燃气异味", "0408", 3, 2, 1, "gas", CENTRE,
             ("居民反映{place}附近有燃气异味，请速到现场检测。",)),
    Category(_EMERGENCY, "树木倒伏", "0405", 3, 8, 2, _G, GREENING,
             ("{road}行道树倾斜，枝干压到人行道。", "{place}内树木倒伏，压到{n}辆非机动车。")),
    Category(_ORDER, "占道经营", "0501", 64, 24, 3, _U, CENTRE,
             ("{place}门口流动摊贩占道经营{n}处。", "{road}商户跨门经营，占用人行道。")),
    Category(_ORDER, "无照经营", "0502", 24, 72, 3, "market-supervision", MARKET,
             ("{place}附近无证摊点售卖食品。",
              "消费者投诉：{road}商铺短斤缺两，要求调解。",
              "{place}旁店铺未公示证照。")),
    Category(_ORDER, "食品安全投诉", "0508", 20, 168, 3, "market-supervision", MARKET,
             ("市民反映{place}附近餐饮店后厨卫生差。", "{road}某店出售过期食品，要求查处。")),
    Category(_ORDER, "机动车乱停放", "0503", 42, 24, 3, _T, TRAFFIC,
             ("{road}（{place}段）机动车违停{n}辆，占用非机动车道。", "{place}消防通道被车辆占用。")),
    Category(_ORDER, "非机动车乱停放", "0504", 56, 72, 4, _U, CENTRE,
             ("{place}出入口共享单车淤积约{n}辆。", "{road}人行道非机动车乱停放{n}辆。")),
    Category(_ORDER, "交通事故", "0506", 18, 4, 2, _T, TRAFFIC,
             ("{road}（{place}附近）两车追尾，占用一条车道。", "{place}路口非机动车与机动车刮擦，无人员重伤。")),
    Category(_ORDER, "交通拥堵", "0507", 12, 4, 3, _T, TRAFFIC,
             ("{road}排队约{n}0米，路口溢流。",)),
    Category(_OTHER, "违法搭建", "0601", 20, 168, 3, _U, CENTRE,
             ("{place}有居民在天井违法搭建，约{n}平方米。",)),
    Category(_OTHER, "小区管理", "0602", 44, 168, 4, "housing", CENTRE,
             ("{place}居民反映门禁损坏多日未修。", "{place}地下车库照明损坏{n}处。", "{place}居民反映电梯频繁故障。")),
    Category(_OTHER, "电动车飞线充电", "0604", 18, 72, 2, "fire-rescue", CENTRE,
             ("{place}有住户飞线充电，存在消防隐患。",)),
    Category(_UTILITY, "雨水井盖", "0103", 16, 24, 2, _D, CENTRE,
             ("{road}雨水井盖破损，直径约{cm}厘米，已放置警示标志。",
              "{place}附近雨水篦子堵塞，排水不畅。"), "manhole_rain"),
    Category(_UTILITY, "污水井盖", "0102", 9, 24, 2, _D, CENTRE,
             ("{road}污水井盖松动，车辆经过有异响。", "{place}附近污水外溢。"), "manhole_sewage"),
    Category(_UTILITY, "通信井盖", "0107", 6, 72, 3, "telecom", CENTRE,
             ("{road}通信井盖缺损。",), "manhole_telecom"),
    Category(_UTILITY, "路灯", "0117", 20, 72, 3, "power", CENTRE,
             ("{road}（{place}附近）路灯不亮{n}盏。",), "lamp"),
    Category(_UTILITY, "消防栓", "0114", 4, 72, 3, "water-supply", CENTRE,
             ("{road}消防栓漏水。",), "hydrant"),
    Category(_ROAD, "交通护栏", "0212", 9, 24, 3, _T, TRAFFIC,
             ("{road}护栏倒伏约{n}米。",), "guardrail"),
    Category(_ROAD, "交通信号灯", "0210", 4, 4, 2, _T, TRAFFIC,
             ("{place}路口信号灯故障，有民警疏导。",), "traffic_signal"),
    Category(_ROAD, "交通标志牌", "0209", 5, 168, 4, _T, TRAFFIC,
             ("{road}标志牌被树枝遮挡。",), "traffic_sign"),
    Category(_ROAD, "公交站亭", "0203", 4, 168, 4, "transport", CENTRE,
             ("{place}公交站亭玻璃破损。",), "bus_shelter"),
    Category(_SANITARY, "果皮箱", "0302", 9, 72, 4, _G, GREENING,
             ("{road}果皮箱满溢、箱体破损。",), "bin"),
    Category(_GREEN, "行道树", "0402", 11, 168, 3, _G, GREENING,
             ("{road}行道树枯死{n}株。", "{place}旁行道树枝叶遮挡信号灯。"), "street_tree"),
)  # fmt: skip

STORM_MIX = (("道路积水", 0.62), ("树木倒伏", 0.16), ("雨水井盖", 0.14), ("交通事故", 0.08))
"""What the extra cases of a storm are about."""

ORIGINS = (("inspector", 0.65), ("hotline", 0.17), ("public", 0.09), ("video", 0.06), ("sensor", 0.03))
STORM_ORIGINS = (("hotline", 0.46), ("inspector", 0.22), ("sensor", 0.16), ("public", 0.10), ("video", 0.06))
