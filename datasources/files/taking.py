"""Taking finished files out of a drop: which ones, each once, and what becomes of them afterwards."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from datasources.contract import FetchContext, Rejection, SourceDataError, SourceError
from datasources.files.drop import Drop, Entry, FileMoved
from datasources.files.memory import Memory, candidates, finished
from datasources.files.opening import open_drop
from datasources.files.options import DropOptions
from situation.clock import Clock

Content = TypeVar("Content")


@dataclass(frozen=True, slots=True)
class Taken(Generic[Content]):
    """What one look brought. `contents` are in the order of the files; `memory` is for the next look."""

    contents: tuple[Content, ...]
    rejected: tuple[Rejection, ...]
    memory: Memory
    has_moved: bool

    @property
    def is_idle(self) -> bool:
        """Nothing was read, and nothing is to be remembered either."""
        return not self.contents and not self.rejected and not self.has_moved


@dataclass(frozen=True, slots=True)
class Taker(Generic[Content]):
    """Reads the files of one source's drop by `read`, which may raise SourceDataError."""

    options: DropOptions
    clock: Clock
    timeout_s: float
    read: Callable[[str, bytes], Content]

    def take(self, context: FetchContext) -> Taken[Content]:
        """What is new and finished; raises SourceError. A bad file costs itself where every file is read once."""
        memory = Memory.of(context.cursor)
        with open_drop(self.options, context.deadline_monotonic_s - self.clock.monotonic()) as drop:
            everything = drop.look()
            meant = candidates(everything, self.options)
            rejected = self._move(drop, [entry for entry in meant if memory.has_read(entry)])
            wanted = self._wanted(finished(meant, everything, memory, self.options, context.now), memory)
            contents, read, refused = self._read(drop, wanted, context.deadline_monotonic_s)
        after = memory.after(meant, read)
        return Taken(tuple(contents), (*rejected, *refused), after, has_moved=after != memory)

    def newest(self) -> Content | None:
        """The newest file whether finished or not, for a trial; None where there is none."""
        with open_drop(self.options, self.timeout_s) as drop:
            meant = candidates(drop.look(), self.options)
            if not meant:
                return None
            try:
                return self.read(meant[-1].name, drop.read(meant[-1], self.options.size_cap))
            except FileMoved:
                return None

    def _wanted(self, ready: Sequence[Entry], memory: Memory) -> list[Entry]:
        if self.options.select == "newest":
            return [entry for entry in ready[-1:] if not memory.has_read(entry)]
        return [entry for entry in ready if not memory.has_read(entry)][: self.options.files_at_once]

    def _read(
        self, drop: Drop, wanted: Sequence[Entry], deadline_s: float
    ) -> tuple[list[Content], list[Entry], list[Rejection]]:
        contents: list[Content] = []
        read: list[Entry] = []
        refused: list[Rejection] = []
        for entry in wanted:
            if read and self.clock.monotonic() >= deadline_s:
                break  # the others are still new next time
            try:
                contents.append(self.read(entry.name, drop.read(entry, self.options.size_cap)))
            except FileMoved:
                continue
            except SourceDataError as error:
                if self.options.select == "newest":
                    raise
                refused.append(Rejection(entry.name, error.safe_text))
            read.append(entry)
        return contents, read, refused

    def _move(self, drop: Drop, read: Sequence[Entry]) -> list[Rejection]:
        """Only what a batch that was kept came from: the cursor that names it is handed out no earlier."""
        if self.options.after == "leave":
            return []
        try:
            for entry in read:
                drop.move(entry.name, self.options.moved_to)
                if self.options.done_marker:
                    drop.move(entry.name + self.options.done_marker, self.options.moved_to)
        except (SourceError, FileMoved) as error:
            return [Rejection(self.options.moved_to, f"not moved: {getattr(error, 'safe_text', 'gone')}")]
        return []
