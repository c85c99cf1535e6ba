"""A document of three vehicles that a server keeps up to date."""

from examples import Example, Pages


def _track(name: str, time: str = "2026-08-09T05:58:00Z") -> str:
    point = f'<trkpt lat="31.4" lon="121.48"><time>{time}</time></trkpt>'
    return f"<trk><name>{name}</name><trkseg>{point}</trkseg></trk>"


def _pages(*tracks: str) -> Pages:
    return {"/cars.gpx": f'<gpx xmlns="http://www.topografix.com/GPX/1/1">{"".join(tracks)}</gpx>'.encode()}


EXAMPLE = Example(
    kind="gpx",
    path="cars.gpx",
    pages=_pages(_track("a"), _track("b"), _track("c")),
    kept=3,
    malformed=_pages(_track("a"), _track("b"), _track("c", time="yesterday")),
    empty=_pages(),
    wrong={"/cars.gpx": b"<kml><Placemark/></kml>"},
)
