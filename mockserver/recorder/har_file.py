"""A HAR file that is complete after every entry."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from adsmock import __version__
from adsmock.contracts.evidence import ledger_version

_TAIL = b"\n]}}\n"


class HarFile:
    """Appends entries to a new file with mode 0600. Callable from any thread."""

    def __init__(self, path: Path, *, amounts: str) -> None:
        """Create the file.

        Raises:
            OSError: it exists already or cannot be written.
        """
        number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        self._file: BinaryIO = os.fdopen(number, "wb")
        self._lock = threading.Lock()
        self.count = 0
        log = {
            "version": "1.2",
            "creator": {"name": "adsmock", "version": __version__},
            "_adsmock": {
                "ledger": ledger_version(),
                "identities": "pseudonyms",
                "amounts": amounts,
            },
        }
        head = orjson.dumps({"log": log}).removesuffix(b"}}")
        self._file.write(head + b',"entries":[' + _TAIL)
        self._file.flush()

    def append(self, entry: dict[str, Any]) -> None:
        """Add an entry at the end."""
        with self._lock:
            self._file.seek(-len(_TAIL), os.SEEK_END)
            self._file.write((b",\n" if self.count else b"\n") + orjson.dumps(entry) + _TAIL)
            self._file.flush()
            self.count += 1

    def close(self) -> None:
        """Close the file."""
        self._file.close()
