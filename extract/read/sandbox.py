"""Binary files read in a worker process with limits of time and memory, so that one file cannot take a run
with it.

The worker is started at the first such file and used again; one that takes too long, needs too much or dies
is replaced. Parent and worker speak over pipes in frames: eight bytes of length, then MessagePack.
"""

from __future__ import annotations

import atexit
import contextlib
import math
import os
import select
import signal
import struct
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import msgspec
from msgspec.structs import replace

from extract.errors import UnreadableFile
from extract.read import read_members
from extract.read.kind import find_kind
from extract.read.member import Member
from extract.report import Document, Grid, Paragraph

if TYPE_CHECKING:
    import subprocess

SECONDS = 20.0  # for one file; a page read by OCR starts the clock anew
_BUSY = 4.0  # times as long where other programs hold the processors and the worker waits for them
MEMORY = 1_536 * 2**20  # bytes that the worker may hold
_START = 10.0  # seconds more for a worker that is just being started
_LARGEST = 512 * 2**20  # bytes of an answer
_LENGTH = struct.Struct(">Q")
_PAGE = b"page"  # a frame that says: a page is begun, the clock starts anew
_IN_PROCESS = ("text/plain", "text/markdown", "text/html", "application/xhtml+xml")


class _Question(msgspec.Struct, array_like=True):
    path: str
    media_type: str | None
    data: bytes


class _Block(msgspec.Struct, array_like=True):
    paragraph: Paragraph | None = None
    grid: Grid | None = None


class _Answer(msgspec.Struct, array_like=True):
    """A member on its way: `error` is (path, reason), `fields` those of the Document but its blocks."""

    name: str | None
    sha256: str
    error: tuple[str, str] | None
    fields: dict[str, Any]
    blocks: list[_Block]


def read_isolated(data: bytes, path: str, media_type: str | None = None) -> Sequence[Member]:
    """What `read_members` gives, binary kinds read in the worker.

    A file that takes more than `SECONDS` or `MEMORY`, or brings the reader down, comes as `UnreadableFile`.
    """
    kind = media_type or find_kind(data)
    if not data or kind in _IN_PROCESS:
        return list(read_members(data, path, media_type, kind=kind))
    return _pool.ask(data, path, media_type)


# ---- the parent's side -----------------------------------------------------------------------------------


class _Late(Exception):
    """The worker has not answered in time."""


class _Dead(Exception):
    """The worker has ended without an answer."""


class _Pool:
    """The one worker of this process; a fork of the process starts its own."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[bytes] | None = None
        self.owner = 0

    def ask(self, data: bytes, path: str, media_type: str | None) -> Sequence[Member]:
        try:
            fresh = self._start()
            assert self.process is not None
            _send(self.process.stdin, msgspec.msgpack.encode(_Question(path, media_type, data)))
            answer = self._receive(SECONDS + (_START if fresh else 0.0))
            return [_to_member(one) for one in msgspec.msgpack.decode(answer, type=list[_Answer])]
        except _Late:
            self.end()
            reason = f"takes more than {SECONDS:.0f} s to read: it is damaged or made to be slow"
        except (_Dead, OSError, msgspec.DecodeError):
            self.end()
            reason = "brings its reader down: it is damaged, or needs more memory than a report may"
        return [Member(None, _hash(data), UnreadableFile(path, reason))]

    def _start(self) -> bool:
        """Whether a worker had to be started."""
        if self.process is not None and self.owner == os.getpid() and self.process.poll() is None:
            return False
        if self.process is not None and self.owner == os.getpid():
            self.end()
        import subprocess

        root = str(Path(__file__).parents[2])
        paths = [root, *filter(None, [os.environ.get("PYTHONPATH")])]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "extract.read.sandbox"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(paths)},
            start_new_session=True,
        )
        self.owner = os.getpid()
        return True

    def _receive(self, seconds: float) -> bytes:
        """The next answer; the clock starts anew with each page that the worker begins."""
        assert self.process is not None
        assert self.process.stdout is not None
        place = self.process.stdout.fileno()
        while True:
            clock = _Clock(self.process.pid, seconds)
            (size,) = _LENGTH.unpack(_read_exactly(place, _LENGTH.size, clock))
            if size > _LARGEST:
                raise _Dead
            frame = _read_exactly(place, size, clock)
            if frame != _PAGE:
                return frame
            seconds = SECONDS

    def end(self) -> None:
        """The worker and all it started ended."""
        process, self.process = self.process, None
        if process is None or self.owner != os.getpid():
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        process.wait()


class _Clock:
    """How long the worker may still take: `seconds`, on a busy machine as much of the processors' time."""

    def __init__(self, session: int, seconds: float) -> None:
        self._session = session
        self._seconds = seconds
        self._started = time.monotonic()
        self._used = _processor_seconds(session)

    def left(self) -> float:
        passed = time.monotonic() - self._started
        if passed < self._seconds:
            return self._seconds - passed
        if passed >= _BUSY * self._seconds or not _is_busy():
            return 0.0
        return min(1.0, self._seconds - (_processor_seconds(self._session) - self._used))


def _is_busy() -> bool:
    """Whether more programs want to run than there are processors."""
    return hasattr(os, "getloadavg") and os.getloadavg()[0] > (os.cpu_count() or 1)


def _processor_seconds(session: int) -> float:
    """What the processes of a session have used of the processors; inf where the system does not tell."""
    total = 0.0
    ticks = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100
    try:
        processes = [name for name in os.listdir("/proc") if name.isdecimal()]
    except OSError:
        return math.inf
    for name in processes:
        with contextlib.suppress(OSError, ValueError, IndexError), open(f"/proc/{name}/stat", "rb") as file:
            fields = (
                file.read().rpartition(b")")[2].split()
            )  # after the name: state, parent, group, session …
            if int(fields[3]) == session:
                total += sum(map(int, fields[11:15])) / ticks
    return total


_pool = _Pool()
atexit.register(_pool.end)


def _read_exactly(place: int, size: int, clock: _Clock) -> bytes:
    parts: list[bytes] = []
    while size:
        while not select.select([place], [], [], max(0.0, clock.left()))[0]:
            if clock.left() <= 0:
                raise _Late
        part = os.read(place, min(size, 2**20))
        if not part:
            raise _Dead
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def _send(pipe: IO[bytes] | None, frame: bytes) -> None:
    assert pipe is not None
    pipe.write(_LENGTH.pack(len(frame)) + frame)
    pipe.flush()


def _to_member(answer: _Answer) -> Member:
    if answer.error is not None:
        return Member(answer.name, answer.sha256, UnreadableFile(*answer.error))
    blocks = tuple(block.grid or block.paragraph or Paragraph("") for block in answer.blocks)
    return Member(answer.name, answer.sha256, Document(**(answer.fields | {"blocks": blocks})))


def _hash(data: bytes) -> str:
    import hashlib

    return hashlib.sha256(data).hexdigest()


# ---- the worker's side -----------------------------------------------------------------------------------


def work() -> None:
    """Answer questions from standard input until it ends."""
    _limit_memory()
    answers = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)  # what a library prints must not get among the frames
    from extract.read.ocr import page_begins

    page_begins.set(lambda: _send(answers, _PAGE))
    questions = sys.stdin.buffer
    while len(head := questions.read(_LENGTH.size)) == _LENGTH.size:
        frame = questions.read(_LENGTH.unpack(head)[0])
        question = msgspec.msgpack.decode(frame, type=_Question)
        found = read_members(question.data, question.path, question.media_type)
        try:
            listed = [_to_answer(member) for member in found]
        except MemoryError:
            raise SystemExit(1) from None
        _send(answers, msgspec.msgpack.encode(listed))


def _limit_memory() -> None:
    import resource

    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    limit = MEMORY if hard == resource.RLIM_INFINITY else min(MEMORY, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _to_answer(member: Member) -> _Answer:
    document = member.document
    if isinstance(document, UnreadableFile):
        return _Answer(member.name, member.sha256, (document.path, document.reason), {}, [])
    blocks = [
        _Block(grid=block) if isinstance(block, Grid) else _Block(paragraph=block)
        for block in document.blocks
    ]
    fields = msgspec.to_builtins(replace(document, blocks=()))
    return _Answer(member.name, member.sha256, None, fields, blocks)


if __name__ == "__main__":
    work()
