"""Samples for people who look for a fault: what a person could be known by is hidden, what the fault is stays."""

from __future__ import annotations

import re

_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_NUMBER = re.compile(r"\d(?:[ -]?\d){6,}[Xx]?")
_WORD = re.compile(r"(?<![\u4e00-\u9fff])[\u4e00-\u9fff]{2,4}(?![\u4e00-\u9fff])")
_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔"
    "钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
"""The hundred commonest, whose bearers are nine in ten; a word beginning with one is taken for a name."""


def mask(text: str) -> str:
    """The text with long numbers, mail addresses and what looks like a Chinese name hidden in their middle."""
    text = _MAIL.sub(lambda found: found.group()[0] + "***@***", text)
    text = _NUMBER.sub(lambda found: _middle(found.group()), text)
    return _WORD.sub(lambda found: _name(found.group()), text)


def _middle(number: str) -> str:
    """138****5617: telephones, identity and card numbers, long device numbers alike."""
    kept = 3 if len(number) > 8 else 2
    return f"{number[:kept]}{'*' * 4}{number[-(kept + 1 if kept == 3 else kept) :]}"


def _name(word: str) -> str:
    return word[0] + "*" * (len(word) - 1) if word[0] in _SURNAMES else word
