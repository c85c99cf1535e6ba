"""Samples of rejected records hide whom they are about and keep what is wrong."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from situation.masking import mask


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("13800135617: no position", "138****5617: no position"),
        ("310113199001011234: x", "310****1234: x"),
        ("31011319900101123X: x", "310****123X: x"),
        ("56671234", "56****34"),
        ("138 0013 5617", "138****5617"),
        ("zhang.san@example.org", "z***@***"),
        ("李小明: no lon", "李**: no lon"),
        ("status: 已派单 is not known", "status: 已派单 is not known"),
        ("杨行镇泰和路", "杨行镇泰和路"),
        ("cam-12: bad time 2026-08-09", "cam-12: bad time 202****8-09"),
    ],
)
def test_long_numbers_addresses_and_names_are_hidden(text: str, masked: str) -> None:
    assert mask(text) == masked


@given(st.text(max_size=200))
def test_no_number_of_seven_digits_is_left(text: str) -> None:
    assert not re.search(r"\d{7}", mask(text))
