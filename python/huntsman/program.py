"""The simulator's program: where it is, and as a process that serves."""
from __future__ import annotations

import os
import pathlib
import secrets
import select
import shutil
import subprocess
import tempfile
import threading
import time
import weakref
from typing import IO, List, Mapping, Optional, Union

PathLike = Union[str, "os.PathLike[str]"]

PROGRAM_VARIABLE = "HUNTSMAN"
TOKEN_VARIABLE = "HUNTSMAN_SERVE_TOKEN"
_STARTS_S = 60.0  # until a started program serves
_ENDS_S = 3.0  # until one that is asked to has ended


class SimulatorError(Exception):
    """What the simulator could not do, or why it is gone; one sentence."""


def find_program(program: Optional[PathLike] = None) -> str:
    """The path of the program: as given, of $HUNTSMAN, in $PATH, or built in the clone that this
    package lies in. Raises SimulatorError where there is none."""
    if program is None:
        program = os.environ.get(PROGRAM_VARIABLE) or None
    if program is not None:
        found = shutil.which(os.fspath(program))
        if found is None:
            raise SimulatorError("%s is not a program, expected the path of huntsman" % os.fspath(program))
        return found
    built = pathlib.Path(__file__).resolve().parents[2] / "build" / "release" / "huntsman"
    found = shutil.which("huntsman") or shutil.which(str(built))
    if found is None:
        raise SimulatorError(
            "the program huntsman is not found, expected it in $PATH, its path in $%s, or program=" % PROGRAM_VARIABLE
        )
    return found


class Process:
    """``huntsman serve`` at a socket that no file names, for this process alone.

    It ends with `close`, with the object, and with this process, however that ends.
    """

    def __init__(self, program: Optional[PathLike] = None, options: Mapping[str, object] = {}) -> None:
        """`options`: flags of ``huntsman serve``, as threads=2. Raises SimulatorError."""
        self.token = secrets.token_hex(16)
        self.address = "unix-abstract:huntsman-serve-" + secrets.token_hex(16)
        command = [find_program(program), "serve", "--listen", self.address, "--with-parent"]
        for name, value in options.items():
            command += ["--" + name.replace("_", "-"), str(value)]
        self._errors: IO[bytes] = tempfile.TemporaryFile()
        try:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._errors,
                env=dict(os.environ, **{TOKEN_VARIABLE: self.token}),
                start_new_session=True,  # Ctrl-C is for us
            )
        except OSError as error:
            self._errors.close()
            raise SimulatorError("%s cannot be started: %s" % (command[0], error.strerror)) from None
        self._end = weakref.finalize(self, _end, self._process, self._errors, os.getpid())
        if not self._serves():
            why = self.why_ended()
            self.close()
            raise SimulatorError("huntsman serve does not serve: " + why)

    @property
    def pid(self) -> int:
        return self._process.pid

    def _serves(self) -> bool:
        assert self._process.stdout is not None
        until = time.monotonic() + _STARTS_S
        said = b""
        while b"\n" not in said:
            left = max(0.0, until - time.monotonic())
            if not select.select([self._process.stdout], [], [], left)[0]:
                return False
            piece = os.read(self._process.stdout.fileno(), 4096)
            if not piece:
                return False
            said += piece
        return said.startswith(b"serving at ")

    def why_ended(self) -> str:
        """How it ended, with the last line that it said; "it does not answer" while it runs."""
        try:
            code = self._process.wait(timeout=1.0)
        except subprocess.TimeoutExpired:
            return "it does not answer"
        how = "it was ended by signal %d" % -code if code < 0 else "it exited with code %d" % code
        if self._errors.closed:
            return how
        self._errors.seek(0)
        lines: List[str] = self._errors.read().decode("utf-8", "replace").strip().splitlines()
        return "%s (%s)" % (how, lines[-1]) if lines else how

    def close(self) -> None:
        self._end()


def _end(process: "subprocess.Popen[bytes]", errors: IO[bytes], owner: int) -> None:
    """Of the process that started it; a fork of that one only lets go of its copies."""
    if os.getpid() == owner and process.poll() is None:
        process.terminate()
    for stream in (process.stdin, process.stdout, errors):
        if stream is not None:
            stream.close()
    if os.getpid() != owner:
        return
    try:
        process.wait(_ENDS_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


class Shared:
    """A process, or an address, that several simulators use: closed by the last of them."""

    def __init__(self, process: Optional[Process]) -> None:
        self.process = process
        self._users = 0
        self._lock = threading.Lock()

    def take(self) -> None:
        with self._lock:
            self._users += 1

    def leave(self) -> bool:
        """Whether nobody is left."""
        with self._lock:
            self._users -= 1
            return self._users == 0
