"""`python -m datasources sample`: keeps what a source answers, redacted, as fixtures for tests."""

from __future__ import annotations

import json
import re
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from datasources.connecting.redaction import Redaction
from datasources.contract import FetchContext, SourceDataError, SourceError, SourceSettings
from datasources.http import Reply
from datasources.local import LocalClient
from datasources.registry import build
from situation.clock import Clock

MOST_REPLIES = 40
_UNSAFE = re.compile(r"[^\w.-]+")


@dataclass(slots=True)
class RecordingClient(LocalClient):
    """Asks as ever and remembers what was answered."""

    replies: list[Reply] = field(default_factory=list)

    def get(self, url: str, **options: Any) -> Reply:
        """Fetch and remember."""
        reply = LocalClient.get(self, url, **options)
        self.replies.append(reply)
        return reply

    def post(self, url: str, body: bytes, **options: Any) -> Reply:
        """Send and remember the answer."""
        reply = LocalClient.post(self, url, body, **options)
        self.replies.append(reply)
        return reply


def keep(settings: SourceSettings, into: Path, clock: Clock) -> str:
    """Fetch once and write the replies below `into`/<key>; says what was kept. Raises SourceError, OSError."""
    client = RecordingClient(clock=clock)
    source: Any = build(settings, clock, client)
    failure: SourceError | None = None
    try:
        deadline_s = clock.monotonic() + source.manifest.timeout_s
        source.fetch(FetchContext(now=clock.now(), deadline_monotonic_s=deadline_s))
    except SourceError as error:
        failure = error  # what it answered before is worth keeping all the more
    if not client.replies and failure is not None:
        raise failure
    folder = into / settings.key
    folder.mkdir(parents=True, exist_ok=True)
    redaction = Redaction(secrets.token_bytes(32))
    index = [_write(reply, number, folder, redaction) for number, reply in enumerate(client.replies[:MOST_REPLIES])]
    (folder / "index.json").write_text(json.dumps(index, ensure_ascii=False, indent=1), encoding="utf-8")
    lines = [f"{folder / each['file']}  {each['path']}" for each in index]
    lines.append("Look at them before you pass them on: free text may still name people.")
    return "\n".join(lines if failure is None else [*lines, f"the source failed after these: {failure}"])


def _write(reply: Reply, number: int, folder: Path, redaction: Redaction) -> dict[str, Any]:
    content_type = reply.headers.get("Content-Type", "")
    try:
        body, ending = redaction.body(reply.body, content_type)
    except SourceDataError:
        body, ending = b"", "bin"  # pictures and the like: that there was one is enough
    path = urlsplit(reply.url).path
    name = f"{number:02}-{_UNSAFE.sub('-', path.strip('/'))[-60:] or 'root'}.{ending}"
    (folder / name).write_bytes(body)
    return {"file": name, "path": path, "status": reply.status, "content_type": content_type}
