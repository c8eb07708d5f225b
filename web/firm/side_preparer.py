"""Have rows prepared in a second process, so that two cores do the work: it only asks rules, this one keeps everything.

What it must know goes through a pipe. One that does not start, has another county before it, ends or does not answer
is none: its rows are prepared here, so nothing depends on it but the time.
"""

from __future__ import annotations

import logging
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any, Final

from web.firm.side_frames import Answer, Asked, Opening, read_frame, write_frame

if TYPE_CHECKING:
    from web.site import Site

LOG: Final = logging.getLogger("baotong.web")
#: So long it has to end by itself when nothing is asked any more.
_LAST_S: Final = 2.0
_COMMAND: Final = ("-P", "-m", "web.firm.side_process")


class SidePreparer:
    """A second process that prepares rows; questions are sent and answers are read by threads of this one.

    Parameters
    ----------
    here
        The county that it must have before it.
    firm
        Id of the firm whose rows they are.

    Raises
    ------
    OSError
        It does not start.
    """

    def __init__(self, here: Site, firm: str) -> None:
        pipe, environment = subprocess.PIPE, {**os.environ, "BAOTONG_KEY_FILE": str(here.key_file)}
        command = [sys.executable, *_COMMAND]
        self._process = subprocess.Popen(  # noqa: S603 - our own
            command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, env=environment
        )
        self._right = here.state, here.county.network.digest
        url = here.store.url.render_as_string(hide_password=False)
        self._questions: queue.SimpleQueue[Opening | Asked | None] = queue.SimpleQueue()
        self._questions.put(Opening(here.county.folder.absolute(), here.county.settings, url, firm))
        self._told: Callable[[Answer | None], None] = _nobody
        self.is_ready = False
        self.is_lost = False
        runs = {"asks": self._ask, "hears": self._hear}
        self._threads = [threading.Thread(target=run, name=f"side {name}", daemon=True) for name, run in runs.items()]
        for one in self._threads:
            one.start()

    @property
    def pid(self) -> int:
        """The number of its process."""
        return self._process.pid

    def ask(self, asked: Asked) -> None:
        """Have rows prepared; answers come in the order of the questions."""
        self._questions.put(asked)

    def listen(self, told: Callable[[Answer | None], None]) -> None:
        """Have each answer told, by another thread; None when it is ready and when it is lost."""
        self._told = told
        told(None)

    def _ask(self) -> None:
        sink = self._process.stdin
        while sink is not None and (asked := self._questions.get()) is not None:
            try:
                write_frame(sink, asked)
            except (OSError, ValueError):
                return  # who hears notices that it is lost

    def _hear(self) -> None:
        source = self._process.stdout
        try:
            if source is not None and self._is_right(read_frame(source)):
                self.is_ready = True
                self._told(None)
                while True:
                    # Who listens is looked up when the answer is there: it may have come while this was waiting.
                    answer = read_frame(source)
                    self._told(answer)
        except (OSError, EOFError, ValueError):
            pass
        self.is_lost = True
        self._told(None)

    def _is_right(self, opened: Any) -> bool:
        """Tell whether it has the very county before it that this process has."""
        return bool(opened == self._right)

    def give_up(self) -> None:
        """End it at once; nobody waits for its answers any more."""
        self.is_lost = True
        self._process.kill()

    def end(self) -> None:
        """Let it end, for nothing is asked any more."""
        self._told = _nobody
        if not self.is_ready or self.is_lost:
            self._process.kill()
        self._questions.put(None)
        self._threads[0].join(_LAST_S)
        if self._threads[0].is_alive():
            self._process.kill()
        self._close(self._process.stdin)
        try:
            self._process.wait(_LAST_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        # Its end ends what is heard of it.
        self._threads[1].join()
        self._close(self._process.stdout)

    def _close(self, pipe: IO[bytes] | None) -> None:
        if pipe is not None:
            try:
                pipe.close()
            except OSError:
                self._process.kill()


def _nobody(_: Answer | None) -> None:
    """Hear nothing."""


@contextmanager
def side_preparer(here: Site, firm: str, *, is_worth_it: bool) -> Iterator[SidePreparer | None]:
    """Have a second process within the block; None where there is one core, too little to do, or it does not start."""
    if not is_worth_it or _cores() < 2:
        yield None
        return
    try:
        side = SidePreparer(here, firm)
    except OSError:
        yield None
        return
    try:
        yield side
        if side.is_lost:
            LOG.warning("prepared alone", extra={"code": "side-process-lost"})
    finally:
        side.end()


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
