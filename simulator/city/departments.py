"""The 26 departments of a district."""

from __future__ import annotations

from simulator.model import CityDepartment

_ROWS = """
public-security 公安分局 Public Security
urban-management 城管执法局 Urban Management
traffic-police 交警支队 Traffic Police
fire-rescue 消防救援支队 Fire and Rescue
emergency 应急局 Emergency Management
water-affairs 水务局 Water Affairs
drainage 排水公司 Drainage
greening-sanitation 绿化市容局 Greening and Sanitation
construction 建管委 Construction
transport 交通委 Transport
housing 房管局 Housing
ecology 生态环境局 Ecology and Environment
meteorology 气象局 Meteorology
maritime 海事局 Maritime Safety
power 供电公司 Power Supply
gas 燃气集团 Gas
water-supply 自来水公司 Water Supply
health 卫健委 Health
education 教育局 Education
civil-affairs 民政局 Civil Affairs
market-supervision 市场监管局 Market Supervision
economy 经委 Economy
culture-tourism 文旅局 Culture and Tourism
telecom 通信保障 Telecommunications
big-data 大数据中心 Big Data Centre
city-operations 城运中心 City Operations Centre
"""
_SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林郑谢罗梁宋唐许"


def departments() -> tuple[CityDepartment, ...]:
    """Every department with its duty telephone and duty officer."""
    rows = (line.split(maxsplit=2) for line in _ROWS.strip().splitlines())
    return tuple(
        CityDepartment(
            key=key,
            name=name,
            name_en=name_en,
            phone=f"021-5610{index * 37 + 1000:04d}",
            duty_officer=f"{_SURNAMES[index]}值班长",
        )
        for index, (key, name, name_en) in enumerate(rows)
    )
