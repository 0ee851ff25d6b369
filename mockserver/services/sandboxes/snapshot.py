"""A sandbox as a document: kept under a name, put back later.

Knows what belongs to a sandbox's state and how it is kept whole: a version, a hash, a file that
is written aside and renamed. The journal is not part of it. Must not know HTTP.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import Any

import orjson

from adsmock.contracts.iso8601 import format_utc
from adsmock.mockserver.core.error import SetupError

VERSION = 1
"""Of the document's form; another version is refused, not guessed at."""

MAX_SNAPSHOTS = 100
"""Snapshots of one sandbox in memory."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A snapshot as it lies on the shelf: what it is of, and the bytes of the whole document."""

    name: str
    sandbox: str
    sha256: str
    now: float
    entities: int
    document: bytes

    def row(self) -> dict[str, Any]:
        """Return what a list says of it."""
        return {
            "name": self.name,
            "sandbox": self.sandbox,
            "version": VERSION,
            "sha256": self.sha256,
            "bytes": len(self.document),
            "now": format_utc(self.now),
            "entities": self.entities,
        }


def encode(name: str, content: dict[str, Any]) -> Snapshot:
    """Return ``content`` as a document with its version and hash."""
    digest = sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()
    document = orjson.dumps({"version": VERSION, "sha256": digest, "content": content})
    return Snapshot(
        name, content["sandbox"], digest, content["now"], len(content["entities"]), document
    )


def decode(document: bytes) -> dict[str, Any]:
    """Return the content of a document.

    Raises:
        SetupError: 409; it is damaged, or of another version.
    """
    try:
        whole = orjson.loads(document)
        version, digest, content = whole["version"], whole["sha256"], whole["content"]
    except (orjson.JSONDecodeError, KeyError, TypeError):
        raise SetupError("the snapshot is damaged: it is not a snapshot", status=409) from None
    if version != VERSION:
        raise SetupError(f"the snapshot has version {version}, not {VERSION}", status=409)
    if sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest() != digest:
        raise SetupError("the snapshot is damaged: its hash is not its content's", status=409)
    kept: dict[str, Any] = content
    return kept


class SnapshotStore:
    """Snapshots by sandbox and name: in memory, or in files below ``folder``."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._kept: dict[tuple[str, str], Snapshot] = {}
        self._lock = Lock()

    def put(self, kept: Snapshot) -> None:
        """Keep a snapshot, in the place of one with its name.

        Raises:
            SetupError: 409, there are too many; 507, it cannot be written.
        """
        with self._lock:
            if self._folder is not None:
                _write(_place(self._folder, kept.sandbox, kept.name), kept.document)
                return
            counts = Counter(sandbox for sandbox, _ in self._kept)
            if (
                counts[kept.sandbox] >= MAX_SNAPSHOTS
                and (kept.sandbox, kept.name) not in self._kept
            ):
                raise SetupError(f"a sandbox keeps at most {MAX_SNAPSHOTS} snapshots", status=409)
            self._kept[kept.sandbox, kept.name] = kept

    def find(self, sandbox: str, name: str) -> Snapshot | None:
        """Return one snapshot.

        Raises:
            SetupError: 409; its file is damaged.
        """
        if self._folder is None:
            return self._kept.get((sandbox, name))
        place = _place(self._folder, sandbox, name)
        return _read(place) if name in self.names(sandbox) else None

    def names(self, sandbox: str) -> list[str]:
        """Return the names of a sandbox's snapshots, sorted."""
        if self._folder is not None:
            return sorted(path.stem for path in (self._folder / sandbox).glob("*.json"))
        return sorted(name for owner, name in list(self._kept) if owner == sandbox)

    def forget(self, sandbox: str) -> None:
        """Drop what memory holds of a sandbox; files stay."""
        with self._lock:
            for key in [key for key in self._kept if key[0] == sandbox]:
                del self._kept[key]


def _place(folder: Path, sandbox: str, name: str) -> Path:
    return folder / sandbox / f"{name}.json"


def _write(path: Path, document: bytes) -> None:
    aside = path.with_suffix(".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        aside.write_bytes(document)
        aside.replace(path)
    except OSError as error:
        raise SetupError(f"the snapshot cannot be written: {error}", status=507) from None


def _read(path: Path) -> Snapshot:
    document = path.read_bytes()
    content = decode(document)
    digest = orjson.loads(document)["sha256"]
    return Snapshot(
        path.stem,
        content["sandbox"],
        digest,
        content["now"],
        len(content["entities"]),
        document,
    )
