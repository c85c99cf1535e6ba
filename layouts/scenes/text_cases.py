"""Texts of the cases scene."""

from __future__ import annotations

from layouts.scenes.case_kinds import KIND_TEXTS

TEXTS: dict[str, tuple[str, str]] = {
    **KIND_TEXTS,
    "tab.list": ("清单", "List"),
    "tab.kinds": ("类别时限", "Kinds"),
    "tab.who": ("街镇部门", "Who"),
    # panels
    "panel.cases-sum": ("案件", "Cases"),
    "panel.cases-flow": ("七步流转", "Seven steps"),
    "panel.cases-categories": ("大类与小类", "Categories"),
    "panel.cases-origins": ("来源", "Origins"),
    "panel.cases-departments": ("责任单位", "Departments"),
    "panel.cases-streets": ("街镇", "Streets"),
    "panel.cases-hotspots": ("热点", "Hot spots"),
    "panel.cases-ageing": ("在办时长与时限", "Age and time limit"),
    "panel.cases-important": ("今日重点案件", "Important today"),
    "panel.cases-list": ("案件清单", "List of cases"),
    # the choice
    "cases.all": ("全部在办", "All open cases"),
    "cases.clear": ("全部清除", "Clear all"),
    "cases.remove": ("取消筛选：{what}", "Remove filter: {what}"),
    "cases.pick": ("筛选：{what}", "Filter: {what}"),
    "cases.hint": ("点选任一条形、街镇、环节即可筛选", "Pick any bar, street or step to filter"),
    "cases.unknown": ("未注明", "Not told"),
    "cases.choice.category": ("大类", "Category"),
    "cases.choice.subcategory": ("小类", "Subcategory"),
    "cases.choice.origin": ("来源", "Origin"),
    "cases.choice.department": ("单位", "Department"),
    "cases.choice.street": ("街镇", "Street"),
    "cases.choice.grid": ("网格", "Grid"),
    "cases.choice.priority": ("级别", "Priority"),
    "cases.choice.place": ("同一地点", "Same place"),
    "cases.choice.since": ("立案自", "Registered from"),
    "cases.choice.until": ("立案至", "Registered to"),
    "cases.choice.step": ("环节", "Step"),
    "cases.choice.overdue": ("超期", "Overdue"),
    "cases.choice.slow": ("久滞", "Slow"),
    "cases.choice.age": ("在办时长", "Age"),
    "cases.choice.due": ("时限", "Time limit"),
    "cases.place.within": ("{lon}, {lat} 周围 50 m", "within 50 m of {lon}, {lat}"),
    "cases.days": ("立案", "Registered"),
    "cases.days.all": ("不限", "Any time"),
    "cases.days.today": ("今日", "Today"),
    "cases.days.week": ("近 7 日", "7 days"),
    "cases.days.month": ("近 30 日", "30 days"),
    # the sum
    "cases.open": ("在办", "Open"),
    "cases.overdue": ("超期", "Overdue"),
    "cases.before": ("昨日结转", "From yesterday"),
    "cases.new": ("今日立案", "New today"),
    "cases.closed": ("今日结案", "Closed today"),
    "cases.ontime": ("按期结案率", "Closed on time"),
    "cases.of": ("共 {n}", "of {n}"),
    "cases.oldest": ("最久 {age}", "oldest {age}"),
    "cases.due_n": ("近 30 日到期 {n} 件", "{n} due in 30 days"),
    # columns
    "cases.column.name": ("名称", "Name"),
    "cases.column.open": ("在办", "Open"),
    "cases.column.overdue": ("超期", "Overdue"),
    "cases.column.share": ("占比", "Share"),
    "cases.column.trend": ("7 日", "7 d"),
    "cases.column.today": ("今日", "Today"),
    "cases.column.ontime": ("按期", "On time"),
    "cases.column.due": ("到期数", "Due"),
    "cases.column.rank": ("名次", "Rank"),
    "cases.column.per10k": ("/万人", "/10,000"),
    "cases.column.count": ("件数", "Cases"),
    "cases.column.per_km2": ("件/km²", "/km²"),
    "cases.column.per_1000": ("件/千人", "/1,000"),
    "cases.column.left": ("时限", "Time limit"),
    "cases.column.case": ("案件", "Case"),
    "cases.column.step": ("环节", "Step"),
    "cases.column.where": ("街镇 · 责任单位", "Street · department"),
    "cases.column.origin": ("来源", "Origin"),
    "cases.row": ("{name}：在办 {open}，超期 {overdue}", "{name}: {open} open, {overdue} overdue"),
    "cases.more": ("另 {n} 项", "{n} more"),
    "cases.more_cases": ("另 {n} 件", "{n} more cases"),
    "cases.total": ("合计", "Total"),
    "cases.elsewhere": ("其他", "Elsewhere"),
    "cases.nothing": ("没有符合条件的案件", "No case meets the choice"),
    # the seven steps
    "cases.flow.slow": ("久滞 {n}", "{n} slow"),
    "cases.flow.stuck": ("瓶颈 {n}", "stuck {n}"),
    "cases.flow.overdue": ("超期 {n}", "{n} overdue"),
    "cases.flow.in_out": ("今日 +{in} −{out}", "today +{in} −{out}"),
    "cases.flow.in": ("今日 +{in}", "today +{in}"),
    "cases.short.min": ("{n} 分", "{n} min"),
    "cases.short.h": ("{n} 时", "{n} h"),
    "cases.short.d": ("{n} 天", "{n} d"),
    "cases.flow.median": ("中位", "median"),
    "cases.flow.p90": ("九成在内", "90 % within"),
    "cases.flow.week": ("近 7 日 {n} 次", "7 days, {n} stays"),
    "cases.flow.month": ("30 日 {age}", "30 d {age}"),
    "cases.flow.oldest": ("现最久 {age}", "longest now {age}"),
    "cases.flow.note": ("停留中位与九成（近 7 日）", "median and 90 % of stays, 7 days"),
    "cases.flow.few": ("样本不足", "too few stays"),
    "cases.flow.before_open": ("未立案，不计在办", "not registered: not open"),
    "cases.flow.after_open": ("今日结案，不计在办", "closed today: not open"),
    # ageing
    "cases.age.1d": ("不到 1 天", "under 1 day"),
    "cases.age.3d": ("1–3 天", "1–3 days"),
    "cases.age.7d": ("3–7 天", "3–7 days"),
    "cases.age.14d": ("7–14 天", "7–14 days"),
    "cases.age.older": ("14 天以上", "over 14 days"),
    "cases.due.late3d": ("超期 3 天以上", "overdue > 3 days"),
    "cases.due.late1d": ("超期 1–3 天", "overdue 1–3 days"),
    "cases.due.late4h": ("超期 4–24 小时", "overdue 4–24 h"),
    "cases.due.late": ("超期 4 小时内", "overdue < 4 h"),
    "cases.due.left4h": ("剩 4 小时内", "due in < 4 h"),
    "cases.due.left1d": ("剩 4–24 小时", "due in 4–24 h"),
    "cases.due.left3d": ("剩 1–3 天", "due in 1–3 days"),
    "cases.due.left": ("剩 3 天以上", "due later"),
    "cases.due.none": ("无时限", "no time limit"),
    "cases.ages": ("立案至今", "Since registration"),
    "cases.dues": ("距处置时限", "Time limit"),
    "cases.ages.median": ("中位 {age}", "median {age}"),
    # hot spots
    "cases.hot.month": ("近 30 日立案 {n} 件", "{n} registered in 30 days"),
    "cases.hot.days": ("所选日期立案 {n} 件", "{n} registered on the days chosen"),
    "cases.hot.open": ("在办 {n} 件", "{n} open cases"),
    "cases.hot.peak": ("核密度 峰值 {n} 件/km²", "kernel density, peak {n} per km²"),
    "cases.hot.bandwidth": ("高斯核 500 m", "Gaussian kernel, 500 m"),
    "cases.hot.outside": ("{n} 件无位置", "{n} without a position"),
    "cases.hot.grids": ("网格密度", "Grids by density"),
    "cases.hot.grids_note": ("5 件及以上", "5 cases or more"),
    "cases.hot.places": ("同地反复", "Again at the same place"),
    "cases.hot.places_note": ("30 日 50 m 同小类 ≥3 件", "same kind, 50 m, ≥ 3 in 30 days"),
    "cases.hot.places_total": ("{places} 处 {cases} 件", "{places} places, {cases} cases"),
    "cases.hot.no_places": ("没有同地反复的案件", "Nothing came back three times"),
    "cases.hot.no_grids": ("没有达到 5 件的网格", "No grid has five cases"),
    "cases.hot.count": ("{n} 次", "{n}×"),
    "cases.hot.open_now": ("在办 {n}", "{n} open"),
    "cases.hot.last": ("最近 {age}前", "last {age} ago"),
    "cases.hot.aria": ("案件热点图，{n} 件，峰值每平方公里 {peak} 件", "Map of {n} cases, peak {peak} per km²"),
    "cases.hot.no_areas": ("尚无区划数据，无法绘图", "No areas are known yet: nothing to draw on"),
    # important
    "cases.why.urgent": ("1 级", "priority 1"),
    "cases.why.pressing": ("2 级今日立案", "priority 2, today"),
    "cases.why.oldest": ("超期最久第 {value}", "longest overdue, no. {value}"),
    "cases.why.overdue": ("1–2 级超期", "priority 1–2 overdue"),
    "cases.why.repeated": ("同地第 {value} 次", "no. {value} at this place"),
    "cases.why.alarm": ("邻近告警 {value}", "near alarm {value}"),
    "cases.important.note": ("{n} 件", "{n} cases"),
    "cases.important.none": ("今日没有符合规则的重点案件", "No case meets a rule today"),
    # the list
    "cases.list.order": ("超期最久在前", "longest overdue first"),
    "cases.list.total": ("{n} 件", "{n} cases"),
    "cases.late": ("超期 {age}", "Overdue {age}"),
    "cases.left": ("剩 {age}", "{age} left"),
    "cases.no_limit": ("无时限", "No limit"),
    "cases.unit.km2": ("件/km²", "per km²"),
    # explanations
    "explain.cases-sum": (
        "所选条件下的在办、超期与今日进出。昨日结转 + 今日立案 − 今日结案 = 在办；不筛选时与顶栏各数一致。",
        "Open and overdue cases of the choice and today's movement. From yesterday + new − closed = open; "
        "without a choice they are the numbers of the overview.",
    ),
    "explain.cases-flow": (
        "每一环节：当前件数、今日进出、近 7 日停留的中位数和第 90 百分位（与近 30 日比）。"
        "久滞 = 在本环节停留已超过近 30 日九成案件；久滞不少于 5 件且最多的环节为瓶颈。"
        "只计上游报告环节经过的案件；五个在办环节之和 = 在办。",
        "Of each step: cases in it, in and out today, median and 90th percentile of the stays that ended in 7 days "
        "(30 beside it). Slow: in its step for longer than nine in ten stayed there in the last 30 days. The "
        "bottleneck is the step with most slow cases, at least 5. Stays are known where the upstream tells steps; the "
        "five open steps add up to the open cases.",
    ),
    "explain.cases-categories": (
        "在办案件按大类、小类；占比为占所选在办的份额；7 日为近 7 日立案与前 7 日之差。",
        "Open cases by category and subcategory; the share is of the open cases chosen; 7 d is how many more were "
        "registered in the last seven days than in the seven before.",
    ),
    "explain.cases-origins": (
        "在办案件按来源；今日为今日立案数。",
        "Open cases by where they came from; today: registered today.",
    ),
    "explain.cases-departments": (
        "各责任单位在办、超期，与近 30 日到期案件中按期结案的比例（到期不足 20 件时不给出比例）。",
        "Open and overdue cases of each department, and of its cases due in the last 30 days the share closed by then "
        "(not told for fewer than 20).",
    ),
    "explain.cases-streets": (
        "按在办件数排名（筛选超期时即按超期排名）；/万人 = 所选在办件数 ÷ 常住人口 × 10,000。",
        "Ranked by open cases of the choice (by overdue ones where that is chosen); /10,000 = open cases chosen per "
        "10,000 residents.",
    ),
    "explain.cases-ageing": (
        "在办时长 = 现在 − 立案时间；时限 = 处置时限 − 现在，负数为超期。两组各自之和 = 在办。",
        "Age is the time since registration; time limit is what is left until due, overdue when negative. Each group "
        "adds up to the open cases.",
    ),
    "explain.cases-hotspots": (
        "颜色：每平方公里件数的高斯核密度（带宽 500 m）。网格密度 = 件数 ÷ 网格面积，件/千人 = 件数 ÷ 网格人口 × 1000，"
        "不足 5 件的网格不排。同地反复：同小类、50 m 内或同一地址，30 日内 3 件及以上。",
        "Colour: cases per square kilometre by a Gaussian kernel of 500 m. Grids: cases by area and by 1,000 "
        "residents, not for fewer than 5. Again at the same place: same subcategory within 50 m or at the same "
        "address, three or more in 30 days.",
    ),
    "explain.cases-important": (
        "在办案件中符合任一规则者：1 级；今日立案的 2 级；超期最久的三件；超期的 1–2 级；"
        "今日立案且为同地 30 日内第 3 次及以上；今日立案且 200 m 内有 1–2 级告警。符合越多、越重者在前。",
        "Open cases that meet a rule: priority 1; priority 2 registered today; the three longest overdue; overdue of "
        "priority 1 or 2; registered today and the third or later at the same place in 30 days; registered today "
        "within 200 m of an active alarm of priority 1 or 2. The more and weightier, the higher.",
    ),
    "explain.cases-list": (
        "所选在办案件，按处置时限先后：超期最久在前，无时限者按立案先后居末。",
        "The open cases chosen by due time: the longest overdue first, those without a limit last by age.",
    ),
}
"""Key → (Chinese, English)."""
