"""Snapshots of a sandbox: documents with a version and a hash, in memory or in files.

The journal is not part of a snapshot. Tokens and codes are in it by their fingerprint only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import Any

import orjson

from adsmock.contracts.iso8601 import format_utc
from adsmock.mockserver.core import private_file
from adsmock.mockserver.core.error import SetupError
from adsmock.mockserver.core.json_slices import SLICE, sorted_slices

VERSION = 2
"""Version of the format; other versions are refused."""

_ENTITIES = "entities"

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
    """Return a snapshot of ``content`` with version and hash.

    Its document has a line for each slice of entities, so that it is written and read in slices.
    Empties their list: a large one that is freed at once would hold all other threads too.
    """
    entities, count = content[_ENTITIES], len(content[_ENTITIES])
    before = {each: content[each] for each in content if each < _ENTITIES}
    after = {each: content[each] for each in content if each > _ENTITIES}
    lines = [b"%b,%b:[" % (_text(before)[:-1], orjson.dumps(_ENTITIES))]
    while entities:
        lines.append(_text(entities[:SLICE])[1:-1] + b",")
        del entities[:SLICE]
    if count:
        lines[-1] = lines[-1].removesuffix(b",")
    lines.append(b"]," + _text(after)[1:])
    digest = _hash(lines)
    lines[0] = _head(VERSION, digest) + lines[0]
    lines[-1] += b"}"
    document = b"\n".join(lines)
    return Snapshot(name, content["sandbox"], digest, content["now"], count, document)


def _text(value: Any) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def _head(version: object, digest: object) -> bytes:
    """Return the beginning of a document, up to its content."""
    return orjson.dumps({"version": version, "sha256": digest})[:-1] + b',"content":'


def _hash(parts: Iterable[bytes]) -> str:
    digest = sha256()
    for part in parts:
        digest.update(part)
    return digest.hexdigest()


def decode(document: bytes) -> dict[str, Any]:
    """Return the content of a document.

    Raises:
        SetupError: 409; the document is damaged or has another version.
    """
    return _checked(document)[0]


def _checked(document: bytes) -> tuple[dict[str, Any], str]:
    """Return the content of a document and its hash.

    Raises:
        SetupError: 409; the document is damaged or has another version.
    """
    try:
        whole, found = _read_lines(document) or _read_whole(document)
        version, digest, content = whole["version"], whole["sha256"], whole["content"]
    except (orjson.JSONDecodeError, KeyError, TypeError):
        raise SetupError("the document is not a snapshot: create it again", status=409) from None
    if version != VERSION:
        raise SetupError(
            f"the snapshot has version {version}, not {VERSION}: create it again", status=409
        )
    if found != digest:
        raise SetupError(
            "the snapshot is damaged, its hash does not match: create it again", status=409
        )
    return content, found


def _read_lines(document: bytes) -> tuple[dict[str, Any], str] | None:
    """Return a document as ``encode`` writes it, with the hash of its content; None of others."""
    begin, end = document.find(b"\n") + 1, document.rfind(b"\n") + 1
    first, last = document[:begin].removesuffix(b"\n"), document[end:]
    digest = sha256()
    try:
        whole = orjson.loads(first + last)
        head = _head(whole["version"], whole["sha256"])
        if not first.startswith(head):
            return None
        digest.update(first[len(head) :])
        entities: list[Any] = whole["content"][_ENTITIES]
        for rows in _lines(document, begin, end):
            digest.update(rows)
            entities += orjson.loads(b"[%b]" % rows.removesuffix(b","))
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return None
    digest.update(last[:-1])
    return whole, digest.hexdigest()


def _lines(document: bytes, begin: int, end: int) -> Iterator[bytes]:
    """Yield the lines between two places, one at a time: together they are the whole document."""
    while begin < end:
        following = document.index(b"\n", begin)
        yield document[begin:following]
        begin = following + 1


def _read_whole(document: bytes) -> tuple[dict[str, Any], str]:
    """Return any document, also one that an editor has laid out, with the hash of its content."""
    whole = orjson.loads(document)
    return whole, _hash(sorted_slices(whole["content"]))


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
    content, digest = _checked(document)
    if content["sandbox"] != sandbox:
        raise SetupError(
            f"the snapshot is of sandbox {content['sandbox']}: restore it there", status=409
        )
    return Snapshot(
        path.stem,
        content["sandbox"],
        digest,
        content["now"],
        len(content["entities"]),
        document,
    )
