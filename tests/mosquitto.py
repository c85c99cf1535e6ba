"""A real Mosquitto for tests: on a free port of this machine, its sessions kept over a restart.

Only TCP: its websockets listener ignores the address it is told and opens the port to everybody.
"""

from __future__ import annotations

import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

NAME = "mosquitto"
_PLACES = ("/usr/sbin", "/usr/local/sbin")
START_S = 60.0


class MosquittoMissing(Exception):
    """There is no broker that can be started here; the text says why."""


def program(name: str = NAME) -> str:
    """Where one of Mosquitto's programs is; raises MosquittoMissing."""
    places = [shutil.which(name), *(shutil.which(name, path=place) for place in _PLACES)]
    found = next(filter(None, places), None)
    if found is None:
        raise MosquittoMissing(f"{name} was not found; Debian's packages are mosquitto and mosquitto-clients")
    return found


@dataclass
class Mosquitto:
    """A broker that can be stopped and started again on the same port, with what it kept."""

    folder: Path
    lines: Sequence[str] = ()
    port: int = field(default=0, init=False)
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    @property
    def url(self) -> str:
        """Its address."""
        return f"mqtt://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start, and wait until it listens; returns at once when it already runs."""
        if self._process is not None:
            return
        self.port = self.port or _free_port()
        settings = [
            "user root",  # of no meaning unless we are root; else it could not write its own folder
            "persistence true",
            f"persistence_location {self.folder}/",
            "max_queued_messages 0",
            "log_dest none",
            f"listener {self.port} 127.0.0.1",
            *(self.lines or ("allow_anonymous true",)),
        ]
        file = self.folder / "mosquitto.conf"
        file.write_text("\n".join(settings) + "\n", encoding="utf-8")
        self._process = subprocess.Popen(
            [program(), "-c", str(file)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL
        )
        self._wait()

    def _wait(self) -> None:
        """Knock until it opens: a refused connection costs a millisecond, and there is nothing else to wait for."""
        assert self._process is not None
        for _ in range(int(START_S / 0.02)):
            if self._process.poll() is not None:
                raise MosquittoMissing(f"mosquitto ended with {self._process.returncode}")
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
            except OSError:
                try:
                    self._process.wait(0.02)
                except subprocess.TimeoutExpired:
                    continue
            else:
                return
        raise MosquittoMissing("mosquitto did not begin to listen")

    def stop(self) -> None:
        """Stop in good order: it keeps its sessions."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(60)
            self._process = None

    def publish(
        self, topic: str, *payloads: bytes | str, qos: int = 1, retain: bool = False, properties: Any = None
    ) -> None:
        """Publish messages, one after the other, and wait until the broker has them; `properties` by MQTT 5."""
        import paho.mqtt.client as paho
        from paho.mqtt.enums import CallbackAPIVersion

        protocol = paho.MQTTv311 if properties is None else paho.MQTTv5
        client = paho.Client(CallbackAPIVersion.VERSION2, protocol=protocol)
        client.max_inflight_messages_set(1_000)
        client.connect("127.0.0.1", self.port)
        client.loop_start()
        sent = [client.publish(topic, payload, qos, retain, properties) for payload in payloads]
        for each in sent:
            each.wait_for_publish(60)
        client.disconnect()
        client.loop_stop()


@contextmanager
def serving(*lines: str, folder: Path | None = None) -> Iterator[Mosquitto]:
    """A running broker; `lines` of its configuration stand in for the anonymous access it has otherwise."""
    program()
    own = folder or Path(tempfile.mkdtemp(prefix="onescreen-mqtt-"))
    broker = Mosquitto(own, lines)
    try:
        broker.start()
        yield broker
    finally:
        broker.stop()
        if folder is None:
            shutil.rmtree(own, ignore_errors=True)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port
