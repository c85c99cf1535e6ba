"""Texts of a wall that is left alone: rotation, take-over, sound."""

from __future__ import annotations

SCREEN_TEXTS: dict[str, tuple[str, str]] = {
    "rotation.held": ("轮播已暂停，{s} 秒后继续（点按立即继续）", "Rotation held for {s} s (press to go on now)"),
    "takeover.alarm": ("Ⅰ级告警", "Priority 1 alarm"),
    "takeover.warning": ("{level}色预警", "{level} warning"),
    "takeover.left": ("确认后返回，或 {s} 秒后", "Returns once acknowledged, or in {s} s"),
    "takeover.left_warning": ("{s} 秒后返回", "Returns in {s} s"),
    "sound.on": ("告警声开", "Sound on"),
    "sound.muted": ("已静音", "Muted"),
    "sound.blocked": ("浏览器禁止出声，点按开启告警声", "The browser blocks sound: press to allow it"),
    "sound.hint": ("点按切换告警声", "Press to switch the sound of alarms"),
}
"""Key → (Chinese, English)."""
