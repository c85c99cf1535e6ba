"""`python -m datasources new --python`: writes an adapter of one's own with its test."""

from __future__ import annotations

import re
from pathlib import Path

_KEY = re.compile(r"^[a-z][a-z0-9_]*$")

_ADAPTER = '''"""The @@ source: what it asks, and what a row of its answer means."""

from __future__ import annotations

from datasources.adapter import Adapter
from datasources.contract import Batch, FetchContext, Manifest
from datasources.coordinates import locate
from datasources.fields import Raw, each, identifier, number, rows, text
from datasources.options import Options
from situation.records import Place


class @@@Options(Options):
    """What `[sources.options]` may hold: one field an option. Secrets are of the type situation.settings.Secret."""

    place_kind: str = "shelter"


class @@@Source(Adapter):
    """Everything in one reply. `interval_s`, `stale_after_s` in city seconds; every wrong row costs only itself."""

    MANIFEST = Manifest(kind="@@", records=("place",), interval_s=60, timeout_s=20, stale_after_s=300)
    OPTIONS = @@@Options
    options: @@@Options

    def fetch(self, context: FetchContext) -> Batch:
        """Ask once; HttpClient raises the errors and keeps the deadline."""
        document = self.http.get(self.settings.url, deadline_s=context.deadline_monotonic_s).json()
        found = rows(document.get("rows") if isinstance(document, dict) else None, "rows")
        places, rejected = each(found, self._place)
        return Batch(records=tuple(places), rejected=tuple(rejected), complete=frozenset({"place"}))

    def _place(self, row: Raw) -> Place:
        ((lon, lat),) = locate([number(row.get("lon"))], [number(row.get("lat"))], self.manifest.crs)
        return Place(
            id=f"{self.key}.{identifier(row, 'id')}",
            source=self.key,
            name=text(row, "name"),
            department=self.settings.department,
            place_kind=self.options.place_kind,
            lon=lon,
            lat=lat,
        )
'''

_TEST = '''"""The @@ source against a server that answers as the real one does (put a redacted reply of it here)."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from @@ import @@@Source

from datasources.contract import FetchContext, SourceDataError
from datasources.http import HttpClient
from situation.settings import SourceSettings

REPLY = {"rows": [{"id": 1, "name": "甲", "lon": 121.42, "lat": 31.22}, {"name": "no id"}]}


@pytest.fixture
def serve(request):
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps(server.document).encode())

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()

    def fetch(document):
        server.document = document
        settings = SourceSettings(key="own", kind="@@", url=f"http://127.0.0.1:{server.server_port}/")
        return @@@Source(settings, HttpClient()).fetch(FetchContext(now=datetime.now(UTC)))

    yield fetch
    server.shutdown()
    server.server_close()


def test_every_row_with_an_id_is_a_record(serve):
    batch = serve(REPLY)
    assert [(place.id, place.name, place.lon) for place in batch.records] == [("own.1", "甲", 121.42)]
    assert len(batch.rejected) == 1


def test_an_answer_of_another_shape_is_an_error(serve):
    with pytest.raises(SourceDataError):
        serve({"rows": "none"})
'''


def write(name: str, into: Path) -> str:
    """Write `<name>.py` and `test_<name>.py`; raises ValueError when they can't be named so or are there."""
    module = name.replace("-", "_")
    if not _KEY.match(module):
        raise ValueError(f"{name!r} is no name for a module: lower-case letters, digits and _")
    kind = "".join(part.capitalize() for part in module.split("_"))
    files = {into / f"{module}.py": _ADAPTER, into / f"test_{module}.py": _TEST}
    for file in files:
        if file.exists():
            raise ValueError(f"{file} is there already")
    into.mkdir(parents=True, exist_ok=True)
    for file, text in files.items():
        file.write_text(text.replace("@@@", kind).replace("@@", module), encoding="utf-8")
    names = " and ".join(str(file) for file in files)
    return f'wrote {names}; in the settings: kind = "{module}:{kind}Source" (docs/own-source.md)'
