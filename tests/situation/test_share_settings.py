"""`[[shares]]` in a settings file: secrets by reference only, wrong values with their line."""

from __future__ import annotations

from pathlib import Path

import pytest

from situation.scope import EVERYTHING
from situation.settings import SettingsError, load_settings

TEXT = """
[district]
name = "宝山区"
adcode = "310113"

[[shares]]
key = "flood"
token = "${TOKEN}"
areas = ["310113001"]
collections = ["cases"]
[shares.webhook]
url = "http://10.0.0.1/hook"
secret = "${SECRET}"
kinds = ["case"]

[[shares]]
key = "all"
token = "${OTHER}"
"""
ENVIRON = {"TOKEN": "t" * 16, "SECRET": "s" * 16, "OTHER": "o" * 16}


def write(folder: Path, text: str) -> Path:
    path = folder / "district.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_share_is_read(tmp_path: Path) -> None:
    flood, everything = load_settings(write(tmp_path, TEXT), ENVIRON).shares
    assert flood.scope.areas == {"310113001"}
    assert flood.scope.departments is None
    assert flood.kinds == {"case"}
    assert flood.webhook is not None
    assert flood.webhook.secret.reveal() == "s" * 16
    assert everything.scope is EVERYTHING
    assert "camera" in everything.kinds


@pytest.mark.parametrize(
    ("before", "after", "key"),
    [
        ("${TOKEN}", "written down here", "shares[1].token"),
        ("${SECRET}", "written down here", "shares[1].webhook.secret"),
        ('["cases"]', '["case"]', "shares[1].collections"),
        ('kinds = ["case"]', 'kinds = ["cases"]', "shares[1].webhook.kinds"),
        ('key = "all"', 'key = "flood"', "shares"),
        ("areas =", "area =", "shares[1].area"),
    ],
)
def test_a_wrong_share_is_told_with_its_place_and_without_secrets(
    tmp_path: Path, before: str, after: str, key: str
) -> None:
    with pytest.raises(SettingsError) as raised:
        load_settings(write(tmp_path, TEXT.replace(before, after)), ENVIRON)
    assert any(problem.key.startswith(key) for problem in raised.value.problems)
    assert "written down here" not in str(raised.value)
    assert not any(secret in str(raised.value) for secret in ENVIRON.values())
