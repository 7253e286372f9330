"""Child processes that read files: each file within limits of memory and time, and a bad one never harms the rest.

Takes jobs (name and bytes), gives each back with its document or error as it is finished. A child that dies, hangs or runs
out of memory costs its own file only; it is replaced. Children are reused, because starting one costs more than most files.
"""

from __future__ import annotations

import logging
import multiprocessing
import resource
import signal
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, Literal

from ingest import limits
from ingest.reading import read_file
from store.errors import DamagedFile, MingzhangError, TookTooLong, TooLarge
from store.values import Document

log = logging.getLogger(__name__)

SERVED = 200
"""Files that one child reads before it is replaced: bounds what libraries leak."""

PROCESSORS = 4
"""Processor seconds allowed for each second of the clock: text recognition runs several threads."""


@dataclass(frozen=True, slots=True)
class Job:
    """A file to read."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Done:
    """A file that was tried."""

    job: Job
    result: Document | MingzhangError
    seconds: float


Read = Callable[[bytes, str], Document]

Message = tuple[Literal["pictures"], int] | tuple[Literal["document"], Document] | tuple[Literal["error"], MingzhangError]


def read_all(jobs: Iterable[Job], workers: int, *, read: Read = read_file, seconds: int = limits.SECONDS) -> Iterator[Done]:
    """Each job with its result, in the order of finishing. A job is taken from `jobs` only when a child is free for it.

    `read` is a function of a module (children import it by name), `seconds` the time that a file without pictures may take.
    """
    waiting = iter(jobs)
    children: list[_Child] = []
    try:
        while len(children) < workers and (job := next(waiting, None)):
            children.append(_Child(job, read, seconds))
        while children:
            for child in _finished(children):
                done = child.finish()
                job = next(waiting, None)
                if job is None:
                    child.end()
                    children.remove(child)
                elif child.is_fit:
                    child.give(job)
                else:
                    child.end()
                    children[children.index(child)] = _Child(job, read, seconds)
                yield done
    finally:
        for child in children:
            child.end()


class _Child:
    """A reading process and the file it is at."""

    def __init__(self, job: Job, read: Read, seconds: int) -> None:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["ingest.workers", "ingest.reading"])
        self.connection, theirs = context.Pipe()
        self.process: BaseProcess = context.Process(target=_serve, args=(theirs, read), daemon=True)
        self.process.start()
        theirs.close()
        self.served, self.allowed = 0, seconds
        self.is_fit = True
        self.give(job)

    def give(self, job: Job) -> None:
        """Starts a file."""
        self.job, self.seconds, self.message = job, self.allowed, None
        self.started = time.monotonic()
        self.served += 1
        try:
            self.connection.send(job)
        except OSError:                # it died while idle: found out when its answer is looked for
            self.is_fit = False

    @property
    def deadline(self) -> float:
        """When it is stopped, on the clock of time.monotonic."""
        return self.started + self.seconds

    def receive(self) -> bool:
        """Reads one message; True if the file is finished, one way or another."""
        message: Message | None
        try:
            message = self.connection.recv()
        except (EOFError, OSError):
            self.is_fit = False
            return True
        if message and message[0] == "pictures":
            self.seconds = limits.seconds_for(message[1])
            self.is_fit = False        # recognition keeps what memory it had: the next file would lack it
            return False
        self.message = message
        return True

    def finish(self) -> Done:
        """The result of its file. A child that gave none, or is used up, is fit for no other."""
        seconds = time.monotonic() - self.started
        self.is_fit = self.is_fit and self.message is not None and self.served < SERVED
        if self.message is None:
            return Done(self.job, self._why_silent(), seconds)
        result = self.message[1]
        if isinstance(result, TooLarge) and result.where.get("what") == "memory":
            self.is_fit = False        # its heap stays at the limit
        assert isinstance(result, Document | MingzhangError)
        return Done(self.job, result, seconds)

    def end(self) -> None:
        """Stops the process, whatever it is doing."""
        self.connection.close()
        self.process.kill()
        self.process.join()

    def _why_silent(self) -> MingzhangError:
        if time.monotonic() >= self.deadline:
            return TookTooLong(file=self.job.name, seconds=self.seconds)
        self.process.join(1)
        if self.process.exitcode == -signal.SIGXCPU:
            return TookTooLong(file=self.job.name, seconds=self.seconds)
        log.error("a reading process ended with %s", self.process.exitcode)
        return DamagedFile(file=self.job.name, reason=f"exit {self.process.exitcode}")


def _finished(children: list[_Child]) -> list[_Child]:
    """The children that have answered, died or are over their time; waits until there is one."""
    while True:
        soonest = min(child.deadline for child in children) - time.monotonic()
        ready = wait([child.connection for child in children], timeout=max(0.0, soonest))
        answered = [child for child in children if child.connection in ready and child.receive()]
        late = [child for child in children if child not in answered and time.monotonic() >= child.deadline]
        if answered or late:
            return answered + late


def _serve(connection: Connection, read: Read) -> None:
    """The life of a child: reads the files it is given until its pipe closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)      # Ctrl-C is the parent's to answer
    _limit_memory(limits.MEMORY)
    while True:
        try:
            job: Job = connection.recv()
        except (EOFError, OSError):
            return
        _limit_processor(limits.SECONDS)
        limits.tell_pictures.set(partial(_allow_pictures, connection))
        connection.send(_read(job, read))


def _allow_pictures(connection: Connection, pictures: int) -> None:
    """More time and memory for a file whose pages are pictures."""
    _limit_processor(limits.seconds_for(pictures))
    _limit_memory(limits.PICTURE_MEMORY)
    message: Message = ("pictures", pictures)
    connection.send(message)


def _read(job: Job, read: Read) -> Message:
    try:
        return "document", read(job.data, job.name)
    except MingzhangError as error:
        return "error", error
    except MemoryError:
        return "error", TooLarge(file=job.name, what="memory", limit=limits.MEMORY)
    except Exception as error:         # noqa: BLE001  the batch goes on, whatever a library makes of a hostile file
        log.error("reading failed\n%s", traceback.format_exc())
        return "error", DamagedFile(file=job.name, reason=type(error).__name__)


def _limit_memory(more: int) -> None:
    """Data that the process may hold: so many bytes beyond what it holds now. Reserved but unused addresses don't count."""
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (_held() + more, hard))


def _limit_processor(seconds: int) -> None:
    """Processor time, behind the parent's clock: ends a child whose parent is gone."""
    used: Any = resource.getrusage(resource.RUSAGE_SELF)
    allowed = int(used.ru_utime + used.ru_stime) + seconds * PROCESSORS
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (allowed, hard))


def _held() -> int:
    """Bytes of private data of this process (VmData)."""
    for line in Path("/proc/self/status").read_text("utf-8").splitlines():
        if line.startswith("VmData:"):
            return int(line.split()[1]) * 1024
    return 0
