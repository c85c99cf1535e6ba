"""Grid officers, inspectors and crews with their beats."""

from __future__ import annotations

import numpy as np

from simulator.city.ground import Ground
from simulator.model import CityOfficer

ROLES = (
    ("grid_officer", 208, "city-operations"),
    ("inspector", 84, "city-operations"),
    ("urban_management", 36, "urban-management"),
    ("traffic_police", 32, "traffic-police"),
    ("drainage_crew", 20, "drainage"),
    ("sanitation_crew", 12, "greening-sanitation"),
    ("gas_crew", 8, "gas"),
)
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林郑谢罗梁宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏"
    "苏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦"
)
_GIVEN = (
    "伟 芳 娜 敏 静 丽 强 磊 军 洋 勇 艳 杰 娟 涛 明 超 秀兰 霞 平 刚 桂英 建国 建华 文 辉 力 "
    "斌 宇 浩 凯 健 俊 帆 雪 琳 玲 婷 慧 莹 志强 海燕 晓东 春梅 立新 国庆 永红 小红 家明 思远"
)


def officers(ground: Ground, scale: int, rng: np.random.Generator) -> tuple[CityOfficer, ...]:
    """400 per scale; their beats lie where people live."""
    given = _GIVEN.split()
    result: list[CityOfficer] = []
    for role, count, department in ROLES:
        weight = ground.terrain.people + ground.terrain.people.mean() * 0.3
        for where in ground.where(ground.in_blocks(weight, count * scale, rng)):
            index = len(result)
            surname, name = _SURNAMES[int(rng.integers(len(_SURNAMES)))], given[int(rng.integers(len(given)))]
            result.append(
                CityOfficer(
                    code=f"G{index + 1:05d}",
                    name=f"{surname}{name}",
                    department=department,
                    role=role,
                    phone=f"139{(index * 7919 + 20_000_003) % 100_000_000:08d}",
                    **where,
                )
            )
    return tuple(result)
