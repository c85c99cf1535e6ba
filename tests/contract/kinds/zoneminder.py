"""ZoneMinder 1.36.33, as recorded."""

import json
from typing import Any

from examples import Example, Pages

from situation.settings import Secret

LOGIN = {"access_token": "t1", "access_token_expires": 7200, "refresh_token": "r1", "version": "1.36.33"}


def monitor(number: int | None, fps: str | None = "9.92", bandwidth: int = 17_629) -> dict[str, Any]:
    """A monitor; dead ones are `Running` at 0.00."""
    row: dict[str, Any] = {"Name": f"cam{number}", "Type": "Ffmpeg", "Function": "Monitor", "Pass": "secret"}
    row |= {"Latitude": None, "Longitude": None, "Controllable": 0} | ({"Id": number} if number else {})
    status = {"Status": "Running" if fps == "0.00" else "Connected", "CaptureFPS": fps, "CaptureBandwidth": bandwidth}
    return {"Monitor": row, "Monitor_Status": status}


def pages(monitors: Any) -> Pages:
    return {
        "/api/host/login.json": json.dumps(LOGIN).encode(),
        "/api/monitors.json": json.dumps({"monitors": monitors}).encode(),
    }


EXAMPLE = Example(
    kind="zoneminder",
    options={"username": "admin", "password": Secret("secret")},
    pages=pages([monitor(1), monitor(2, "0.00")]),
    kept=2,
    malformed=pages([monitor(1), monitor(None)]),
    empty=pages([]),
    wrong=pages({"Monitor": 1}),
)
