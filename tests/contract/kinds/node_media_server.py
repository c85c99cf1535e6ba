"""Node-Media-Server 4.4.3, as recorded."""

import json
from typing import Any

from examples import Example, Pages

from situation.settings import Secret

LOGIN = {"success": True, "data": {"token": "t1", "user": {"username": "admin"}, "expiresIn": "24h"}}


def stream(key: str, in_bytes: int = 225_698) -> dict[str, Any]:
    publisher = {"protocol": "rtmp", "createTime": 1795826310155, "videoCodec": 7, "inBytes": in_bytes}
    row = {"app": "live", "status": "publishing", "publisher": publisher, "subscribers": 0, "inBps": 53186}
    return row | ({"key": f"/live/{key}", "name": key} if key else {})


def pages(streams: Any) -> Pages:
    body = {"success": True, "data": {"streams": streams, "total": 1}}
    return {"/api/v1/login": json.dumps(LOGIN).encode(), "/api/v1/streams": json.dumps(body).encode()}


EXAMPLE = Example(
    kind="node_media_server",
    options={"username": "admin", "password": Secret("secret")},
    pages=pages([stream("cam01"), stream("cam02")]),
    kept=2,
    malformed=pages([stream("cam01"), stream("")]),
    empty=pages([]),
    wrong=pages("streams"),
)
