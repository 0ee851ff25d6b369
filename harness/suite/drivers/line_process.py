"""A long-lived program with requests and replies as JSON lines on its standard streams."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from importlib import resources
from queue import Empty, Queue
from threading import Thread
from typing import IO, Any

import jsonschema_rs

from adsmock.harness.suite.drivers.command import GRACE_SECONDS, signal_group
from adsmock.harness.suite.drivers.redaction import LONGEST_SECRET, TAIL_BYTES

META = resources.files("adsmock.contracts") / "meta"

QUOTED = 80
"""Characters of an invalid reply that are shown."""


class ProcessEnded(Exception):
    """The program ended; ``code`` is its exit code."""

    def __init__(self, code: int) -> None:
        super().__init__(f"the adapter ended with exit code {code}")
        self.code = code


class InvalidReply(Exception):
    """The program wrote a line that is not a valid reply."""


class LineProcess:
    """One running adapter.

    Writing and reading have their own threads, so that a program that does not read or answer
    cannot block a timeout.
    """

    def __init__(self, command: str, variables: Mapping[str, str] | None = None) -> None:
        self._noise: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 -- lives as long as this
        self._position = 0
        self._rest = ""
        self._process = subprocess.Popen(  # noqa: S602 -- the user gives a command line of their own
            command,
            shell=True,
            env=os.environ | (variables or {}),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._noise,
            start_new_session=True,
        )
        self._out: Queue[bytes | None] = Queue()
        self._in: Queue[bytes | None] = Queue()
        self._asked = 0
        for work in (self._write, self._read):
            Thread(target=work, daemon=True).start()

    def ask(self, verb: str, args: dict[str, Any], **more: Any) -> int:
        """Send one request and return its id."""
        self._asked += 1
        request = {"id": self._asked, "verb": verb, "args": args, **more}
        self._out.put(json.dumps(request, ensure_ascii=False).encode() + b"\n")
        return self._asked

    def hear(self, seconds: float) -> dict[str, Any] | None:
        """Return the next reply, None when there is none within ``seconds``.

        Raises:
            Ended: the program has ended.
            InvalidReply: it wrote something else.
        """
        try:
            line = self._in.get(timeout=seconds)
        except Empty:
            return None
        if line is None:
            self._in.put(None)  # the next call must see the end, too
            raise ProcessEnded(self.end(0.0))
        return _reply(line)

    @property
    def is_alive(self) -> bool:
        """Say whether the program is running."""
        return self._process.poll() is None

    def said(self) -> str:
        """Return the end of its standard error since the last call.

        Read by offset: the program shares this file's position and continues to write there.
        """
        if self._noise.closed:
            rest, self._rest = self._rest, ""
            return rest
        file = self._noise.fileno()
        size = os.fstat(file).st_size
        begin, self._position = max(self._position, size - TAIL_BYTES - LONGEST_SECRET), size
        return os.pread(file, size - begin, begin).decode("utf-8", "replace")

    def end(self, grace: float = GRACE_SECONDS) -> int:
        """Request a shutdown, then force it; return the exit code. No child outlives it."""
        if grace:
            self.ask("shutdown", {})
        self._out.put(None)
        for number in (signal.SIGTERM, signal.SIGKILL):
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(GRACE_SECONDS)
                break
            signal_group(self._process, number)
        signal_group(self._process, signal.SIGKILL)
        if not self._noise.closed:
            self._rest = self.said()
            self._noise.close()
        return self._process.wait()

    def _write(self) -> None:
        assert self._process.stdin is not None
        with suppress(OSError, ValueError), self._process.stdin as pipe:
            while (line := self._out.get()) is not None:
                pipe.write(line)
                pipe.flush()

    def _read(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as pipe:
            for line in pipe:
                if line.strip():
                    self._in.put(line)
        self._in.put(None)


def _reply(line: bytes) -> dict[str, Any]:
    try:
        reply: dict[str, Any] = json.loads(line)
        _reply_validator().validate(reply)
    except (ValueError, RecursionError) as problem:
        shown = line.decode("utf-8", "replace").strip()[:QUOTED]
        reason = str(problem).partition("\n")[0]
        raise InvalidReply(f"invalid reply of the adapter ({reason}): {shown}") from None
    return reply


@cache
def _reply_validator() -> Any:
    """Return the validator of a reply."""
    schemas = [json.loads((META / f"{name}.schema.json").read_text("utf-8")) for name in SCHEMAS]
    registry = jsonschema_rs.Registry([(schema["$id"], schema) for schema in schemas])
    return jsonschema_rs.validator_for(
        {"$ref": "adsmock:adapter/1#/$defs/reply"}, registry=registry
    )


SCHEMAS = ("task", "adapter")
