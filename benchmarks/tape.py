"""Replies of upstreams, kept as they came over the network and served again byte for byte.

Run as `python -m benchmarks.tape FOLDER`: serves the tape in that folder, prints where, ends with standard input.
"""

from __future__ import annotations

import http.client
import json
import os
import re
import sys
import threading
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

INDEX = "index.json"
TIMEOUT_S = 900.0
_OF_THE_CONNECTION = frozenset(
    {"connection", "content-length", "date", "host", "keep-alive", "server", "transfer-encoding"}
)
_CONDITIONS = frozenset({"if-none-match", "if-modified-since"})
_TIME = re.compile(r"\d{4}-\d\d-\d\d[T +]\d\d:\d\d(:\d\d)?(\.\d+)?(Z|[+ -]\d\d:?\d\d)?")


def key_of(method: str, target: str) -> str:
    """What makes two questions the same: everything but the times in them, which no two rounds share."""
    return f"{method} {_TIME.sub('*', unquote(target))}"


@dataclass(frozen=True, slots=True)
class Answer:
    """One reply; its body is the file `body` of the tape's folder."""

    status: int
    headers: Mapping[str, str]
    body: str


@dataclass
class Tape:
    """All answers in the order they came, by question."""

    folder: Path
    city_at_s: float = 0.0
    """The city's time when the first of them was asked for, seconds since 1970."""
    base: str = ""
    """Where the upstreams were then: what they call themselves in their links."""
    answers: dict[str, list[Answer]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def read(cls, folder: Path) -> Tape:
        """The tape in a folder; raises OSError when there is none."""
        told = json.loads((folder / INDEX).read_text(encoding="utf-8"))
        answers = {key: [Answer(**each) for each in given] for key, given in told["answers"].items()}
        return cls(folder, told["city_at_s"], told["base"], answers)

    def keep(self, key: str, status: int, headers: Mapping[str, str], body: bytes) -> None:
        """Add an answer; one thread at a time."""
        name = f"{sum(map(len, self.answers.values())):05}"
        (self.folder / name).write_bytes(body)
        self.answers[key].append(Answer(status, dict(headers), name))

    def write(self) -> None:
        """Make what was kept a tape: last, so that half a recording is none."""
        answers = {key: [asdict(each) for each in given] for key, given in self.answers.items()}
        told = {"city_at_s": self.city_at_s, "base": self.base, "answers": answers}
        (self.folder / INDEX).write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: what matters is on the tape."""

    def answer(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _asked(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))


class Recorder(ThreadingHTTPServer):
    """Passes questions on to the upstreams at `base` and keeps what they answer; never a conditional question."""

    daemon_threads = True

    def __init__(self, base: str, tape: Tape) -> None:
        super().__init__(("127.0.0.1", 0), _Recording)
        self.there = urlsplit(base).netloc
        self.tape = tape
        self.lock = threading.Lock()
        tape.base = f"127.0.0.1:{self.server_port}"


class _Recording(_Handler):
    server: Recorder

    def do_GET(self) -> None:
        body = self._asked()
        there = http.client.HTTPConnection(self.server.there, timeout=TIMEOUT_S)
        left_out = _OF_THE_CONNECTION | _CONDITIONS
        headers = {name: value for name, value in self.headers.items() if name.lower() not in left_out}
        there.request(self.command, self.path, body or None, {**headers, "Host": self.server.tape.base})
        reply = there.getresponse()
        told = {name: value for name, value in reply.getheaders() if name.lower() not in _OF_THE_CONNECTION}
        content = reply.read()
        there.close()
        with self.server.lock:
            self.server.tape.keep(key_of(self.command, self.path), reply.status, told, content)
        self.answer(reply.status, told, content)

    do_POST = do_GET


class Player(ThreadingHTTPServer):
    """Serves a tape: the first answer to a question once, then the later ones in turn, for as long as it is asked."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, tape: Tape) -> None:
        super().__init__(("127.0.0.1", 0), _Playing)
        self._tape = tape
        self._asked: dict[str, int] = defaultdict(int)
        self._lock = threading.Lock()

    def play(self, key: str) -> tuple[Answer, bytes] | None:
        """The answer whose turn it is; None for a question that was never asked."""
        given = self._tape.answers.get(key)
        if not given:
            return None
        with self._lock:
            turn = self._asked[key]
            self._asked[key] += 1
        answer = given[turn if turn < len(given) else 1 + (turn - 1) % (len(given) - 1) if len(given) > 1 else 0]
        body = (self._tape.folder / answer.body).read_bytes()
        return answer, body.replace(self._tape.base.encode(), f"127.0.0.1:{self.server_port}".encode())


class _Playing(_Handler):
    server: Player

    def do_GET(self) -> None:
        self._asked()
        found = self.server.play(key_of(self.command, self.path))
        if found is None:
            sys.stderr.write(f"tape: never asked: {key_of(self.command, self.path)}\n")
            return self.answer(503, {}, b"")
        answer, body = found
        return self.answer(answer.status, answer.headers, body)

    do_POST = do_GET


@contextmanager
def recording(base: str, tape: Tape) -> Iterator[str]:
    """Where to ask instead of `base`, so that all answers are kept."""
    recorder = Recorder(base, tape)
    threading.Thread(target=recorder.serve_forever, name="recorder", daemon=True).start()
    try:
        yield f"http://{tape.base}"
    finally:
        recorder.shutdown()
        recorder.server_close()


def main() -> None:
    """Serve the tape in the folder named until standard input ends."""
    player = Player(Tape.read(Path(sys.argv[1])))
    threading.Thread(target=player.serve_forever, name="player", daemon=True).start()
    print(f"ready http://127.0.0.1:{player.server_port}", flush=True)
    while os.read(0, 1024):
        pass


if __name__ == "__main__":
    main()
