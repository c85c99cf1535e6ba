"""go2rtc, shaped as Home Assistant's client has recorded it."""

import json
from typing import Any

from examples import Example, Pages


def stream(received: int | None = 38_330_115) -> dict[str, Any]:
    """Connected, with bytes; None: only its address, nobody watches."""
    if received is None:
        return {"producers": [{"url": "rtsp://u:secret@192.168.1.2/1"}], "consumers": None}
    codec = {"codec_name": "h264", "codec_type": "video"}
    receiver = {"id": 4440, "codec": codec, "bytes": received - received // 50, "packets": 34_687}
    producer = {"id": 4439, "format_name": "rtsp", "receivers": [receiver], "bytes_recv": received}
    return {"producers": [producer], "consumers": []}


def pages(streams: Any) -> Pages:
    return {"/api/streams": json.dumps(streams).encode()}


EXAMPLE = Example(
    kind="go2rtc",
    pages=pages({"gate": stream(), "yard": stream(None)}),
    kept=2,
    malformed=pages({"gate": stream(), "yard": {"producers": "none"}}),
    empty=pages({}),
    wrong=pages(["gate", "yard"]),
)
