"""The book of pictures: what was seen of every camera whose picture was fetched, and what is wrong with some."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from situation.pictures.judging import Evidence, Verdict, is_judged, judged, seen_again
from situation.pictures.looking import look_at

MOST_CAMERAS = 200_000


@dataclass(frozen=True, slots=True)
class Finding:
    """A camera whose pictures are not alive: since when at least, and when its picture was last looked at."""

    verdict: Verdict
    since: datetime
    checked_at: datetime


class PictureBook:
    """Kept by the web process, written by whoever fetches pictures, read by panels. Safe for use by several threads."""

    def __init__(self, frozen_after_s: float = 30.0) -> None:
        self._frozen_after_s = frozen_after_s
        self._evidence: OrderedDict[str, Evidence] = OrderedDict()
        self._findings: dict[str, Finding] = {}
        self._judged: set[str] = set()
        self._shown: Mapping[str, Finding] = MappingProxyType({})
        self._lock = threading.Lock()
        self.version = 0
        """Moves whenever a finding comes, goes or is another one."""

    @property
    def findings(self) -> Mapping[str, Finding]:
        """What is wrong with which camera; the mapping is not changed any more once it was handed out."""
        return self._shown

    @property
    def judged_count(self) -> int:
        """Of how many cameras enough was seen to say anything."""
        return len(self._judged)

    def is_judged(self, camera_id: str) -> bool:
        """Whether enough was seen of a camera to say anything of its pictures."""
        return camera_id in self._judged

    def finding(self, camera_id: str) -> Finding | None:
        """What is wrong with a camera's pictures."""
        return self._shown.get(camera_id)

    def note(self, camera_id: str, jpeg: bytes, at: datetime, at_s: float) -> Finding | None:
        """Look at one more picture of a camera (a few milliseconds); returns what is wrong with them now."""
        look = look_at(jpeg)
        if look is None:
            return self.finding(camera_id)
        with self._lock:
            evidence = seen_again(self._evidence.get(camera_id), look, at, at_s)
            self._evidence[camera_id] = evidence
            self._evidence.move_to_end(camera_id)
            if is_judged(evidence, self._frozen_after_s):
                self._judged.add(camera_id)
            found = judged(evidence, self._frozen_after_s)
            finding = None if found is None else Finding(*found, checked_at=at)
            self._write(camera_id, finding)
            if len(self._evidence) > MOST_CAMERAS:
                self._drop(next(iter(self._evidence)))
        return finding

    def forget(self, camera_id: str) -> None:
        """A camera has no pictures any more: what was found of them says nothing."""
        with self._lock:
            self._drop(camera_id)

    def _drop(self, camera_id: str) -> None:
        self._evidence.pop(camera_id, None)
        self._judged.discard(camera_id)
        self._write(camera_id, None)

    def _write(self, camera_id: str, finding: Finding | None) -> None:
        before = self._findings.get(camera_id)
        if before == finding:
            return
        if finding is None:
            self._findings.pop(camera_id, None)
        else:
            self._findings[camera_id] = finding
        self._shown = MappingProxyType(dict(self._findings))
        self.version += 1
