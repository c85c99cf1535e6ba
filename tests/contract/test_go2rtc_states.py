"""go2rtc's list: its configuration, with what is received now."""

from __future__ import annotations

from fake_upstream import Upstream
from test_media_servers import GO2RTC, OFF, UNKNOWN, Watched

from situation.clock import FakeClock


def test_picture_that_stands_is_dead_though_sound_and_reports_go_on(upstream: Upstream, clock: FakeClock) -> None:
    """go2rtc 1.9: a second producer that converts the sound counts too."""
    watched = Watched("go2rtc", upstream, clock, silent_after_s=20)
    found = []
    for heard in (100, 200, 300, 400):
        sound = {"id": 2, "codec": {"codec_name": "opus", "codec_type": "audio"}, "bytes": heard}
        stream = GO2RTC.stream(5000)
        stream["producers"][0] |= {
            "bytes_recv": 5000 + heard,
            "receivers": [*stream["producers"][0]["receivers"], sound],
        }
        stream["producers"].append({"id": 3, "format_name": "rtsp", "receivers": [sound], "bytes_recv": heard})
        upstream.pages |= GO2RTC.pages({"gate": stream})
        found.append(watched.states(15)["gate"])
    assert found == [UNKNOWN, UNKNOWN, OFF, OFF]


def test_stream_that_was_taken_out_of_the_configuration_is_gone_and_not_dead(
    upstream: Upstream, clock: FakeClock
) -> None:
    upstream.pages |= GO2RTC.pages({"gate": GO2RTC.stream(), "yard": None})
    watched = Watched("go2rtc", upstream, clock)
    assert list(watched.states()) == ["gate", "yard"]
    upstream.pages |= GO2RTC.pages({"yard": None})
    assert list(watched.states(30)) == ["yard"]
