"""The lifeline of a child process: it ends when its parent does, however the parent ended.

The parent holds the other end of the child's standard input and never writes to it. When the parent is gone, even by
`kill -9`, the kernel closes that end and the child reads end-of-file. Unlike PR_SET_PDEATHSIG this works on macOS.
"""

from __future__ import annotations

import os
import sys
import threading

ORPHANED = 75
"""Exit code of a process that ended because its parent was gone."""


def hold_lifeline() -> None:
    """End this process at once when standard input reaches its end. Call it first thing in a child."""
    threading.Thread(target=_wait_for_end, args=(sys.stdin.fileno(),), name="lifeline", daemon=True).start()


def _wait_for_end(descriptor: int) -> None:
    while os.read(descriptor, 1024):
        pass
    os._exit(ORPHANED)
