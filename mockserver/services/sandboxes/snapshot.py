"""Snapshots of a sandbox: documents with a version and a hash, in memory or in files.

The journal is not part of a snapshot. Tokens and codes are in it by their fingerprint only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import Any

import orjson

from adsmock.contracts.iso8601 import format_utc
from adsmock.mockserver.core import private_file
from adsmock.mockserver.core.error import SetupError

VERSION = 2
"""Version of the format; other versions are refused."""

MAX_SNAPSHOTS = 100
"""Maximum number of snapshots of one sandbox in memory."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One stored snapshot with the bytes of its document."""

    name: str
    sandbox: str
    sha256: str
    now: float
    entities: int
    document: bytes

    def row(self) -> dict[str, Any]:
        """Return the snapshot's row in a list."""
        return {
            "name": self.name,
            "sandbox": self.sandbox,
            "version": VERSION,
            "sha256": self.sha256,
            "bytes": len(self.document),
            "now": format_utc(self.now),
            "entities": self.entities,
        }


@dataclass(frozen=True, slots=True)
class DamagedSnapshot:
    """A file that is no valid snapshot, and why."""

    name: str
    sandbox: str
    problem: str

    def row(self) -> dict[str, Any]:
        """Return the file's row in a list."""
        return {"name": self.name, "sandbox": self.sandbox, "problem": self.problem}


def encode(name: str, content: dict[str, Any]) -> Snapshot:
    """Return a snapshot of ``content`` with version and hash."""
    digest = sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()
    document = orjson.dumps({"version": VERSION, "sha256": digest, "content": content})
    return Snapshot(
        name, content["sandbox"], digest, content["now"], len(content["entities"]), document
    )


def decode(document: bytes) -> dict[str, Any]:
    """Return the content of a document.

    Raises:
        SetupError: 409; the document is damaged or has another version.
    """
    try:
        whole = orjson.loads(document)
        version, digest, content = whole["version"], whole["sha256"], whole["content"]
    except (orjson.JSONDecodeError, KeyError, TypeError):
        raise SetupError("the document is not a snapshot: create it again", status=409) from None
    if version != VERSION:
        raise SetupError(
            f"the snapshot has version {version}, not {VERSION}: create it again", status=409
        )
    if sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest() != digest:
        raise SetupError(
            "the snapshot is damaged, its hash does not match: create it again", status=409
        )
    kept: dict[str, Any] = content
    return kept


class SnapshotStore:
    """Snapshots by sandbox and name, in memory or in files below ``folder``."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._kept: dict[tuple[str, str], Snapshot] = {}
        self._lock = Lock()

    def put(self, kept: Snapshot) -> None:
        """Store a snapshot; replace one of the same name.

        Raises:
            SetupError: 409, there are too many; 507, the file cannot be written.
        """
        with self._lock:
            if self._folder is not None:
                self._write(kept)
                return
            counts = Counter(sandbox for sandbox, _ in self._kept)
            if (
                counts[kept.sandbox] >= MAX_SNAPSHOTS
                and (kept.sandbox, kept.name) not in self._kept
            ):
                raise SetupError(
                    f"the sandbox has {MAX_SNAPSHOTS} snapshots, the maximum: reuse a name",
                    status=409,
                )
            self._kept[kept.sandbox, kept.name] = kept

    def find(self, sandbox: str, name: str) -> Snapshot | None:
        """Return one snapshot.

        Raises:
            SetupError: 409; the file is damaged.
        """
        if self._folder is None:
            return self._kept.get((sandbox, name))
        if name not in self.names(sandbox):
            return None
        return _read(self._folder / sandbox / f"{name}.json", sandbox)

    def readable(self, sandbox: str) -> Iterator[Snapshot | DamagedSnapshot]:
        """Yield every snapshot of a sandbox by name; a damaged file hides no other."""
        for name in self.names(sandbox):
            try:
                found = self.find(sandbox, name)
            except SetupError as error:
                yield DamagedSnapshot(name, sandbox, error.detail)
            else:
                if found is not None:
                    yield found

    def names(self, sandbox: str) -> list[str]:
        """Return the names of a sandbox's snapshots, sorted."""
        if self._folder is not None:
            return sorted(path.stem for path in (self._folder / sandbox).glob("*.json"))
        return sorted(name for owner, name in list(self._kept) if owner == sandbox)

    def _write(self, kept: Snapshot) -> None:
        assert self._folder is not None
        try:
            private_file.write(self._folder / kept.sandbox / f"{kept.name}.json", kept.document)
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise SetupError(
                f"the snapshot cannot be written: {reason}; check the snapshot folder", status=507
            ) from None

    def forget(self, sandbox: str) -> None:
        """Delete a sandbox's snapshots from memory; files stay."""
        with self._lock:
            for key in [key for key in self._kept if key[0] == sandbox]:
                del self._kept[key]


def _read(path: Path, sandbox: str) -> Snapshot:
    """Return the snapshot in a file.

    Raises:
        SetupError: 409; the file is damaged, cannot be read, or is of another sandbox.
    """
    try:
        document = private_file.read(path)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise SetupError(
            f"the snapshot cannot be read: {reason}; check the file {path.name}", status=409
        ) from None
    content = decode(document)
    if content["sandbox"] != sandbox:
        raise SetupError(
            f"the snapshot is of sandbox {content['sandbox']}: restore it there", status=409
        )
    digest = orjson.loads(document)["sha256"]
    return Snapshot(
        path.stem,
        content["sandbox"],
        digest,
        content["now"],
        len(content["entities"]),
        document,
    )
