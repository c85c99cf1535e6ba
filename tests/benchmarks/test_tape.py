"""A tape answers as the upstreams did: first as at first, then as they went on, whatever the time asked for."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from benchmarks.tape import Player, Tape, key_of


def test_questions_that_differ_in_times_alone_are_the_same() -> None:
    asked = "/cases.json?page=2&updated_after=2026-08-09T06%3A00%3A00.5%2B08%3A00"
    assert key_of("GET", asked) == key_of("GET", asked.replace("06%3A00", "07%3A31"))
    assert key_of("GET", asked) != key_of("GET", asked.replace("page=2", "page=3"))


def test_the_first_answer_is_given_once_and_the_later_ones_in_turn(tmp_path: Path) -> None:
    with _played(tmp_path, b"first", b"second", b"third") as port:
        assert [_ask(port, "/a") for _ in range(5)] == [b"first", b"second", b"third", b"second", b"third"]


def test_an_upstream_that_names_itself_names_the_tape(tmp_path: Path) -> None:
    with _played(tmp_path, b'{"next": "http://127.0.0.1:50001/a?page=2"}') as port:
        assert _ask(port, "/a") == b'{"next": "http://127.0.0.1:%d/a?page=2"}' % port


def test_what_was_never_asked_is_no_empty_answer(tmp_path: Path) -> None:
    with _played(tmp_path, b"first") as port, pytest.raises(AssertionError, match="503"):
        _ask(port, "/b")


@contextmanager
def _played(folder: Path, *bodies: bytes) -> Iterator[int]:
    """The port of a tape on which `/a` was answered so, read back from its folder."""
    tape = Tape(folder, base="127.0.0.1:50001")
    for body in bodies:
        tape.keep("GET /a", 200, {"Content-Type": "text/plain"}, body)
    tape.write()
    player = Player(Tape.read(folder))
    thread = threading.Thread(target=player.serve_forever, daemon=True)
    thread.start()
    try:
        yield player.server_port
    finally:
        player.shutdown()
        player.server_close()
        thread.join()


def _ask(port: int, target: str) -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", target)
    reply = connection.getresponse()
    body = reply.read()
    connection.close()
    assert reply.status == 200, str(reply.status)
    return body
