"""A backup of an account's campaign structure in one file, made by exports.

The file is JSON lines: a header, one line per record, and a last line with the hash of all lines
before it. With an encryptor the whole file is encrypted. Source: WAF, reliability, backup of the
campaign structure; WAF, campaign management, exports for metadata in bulk (documented).
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from .client import AdsClient
from .encryption import Encryptor
from .errors import AdsError, StoreError
from .export import ExportRequest
from .metadata import KINDS

FORMAT = "adsmock-backup/1"

EVERYTHING = {
    "adProductFilter": ["SPONSORED_PRODUCTS"],
    "stateFilter": ["ENABLED", "PAUSED", "ARCHIVED"],
}
"""Archived entities are included, so that a rollback can tell archived from missing."""


@dataclass(frozen=True, slots=True)
class Backup:
    """The records of every kind of export of one profile, and the time of the request (UTC)."""

    profile: str
    taken_at: str
    records: Mapping[str, Sequence[Mapping[str, Any]]]

    def __len__(self) -> int:
        """Return the number of records of all kinds."""
        return sum(len(rows) for rows in self.records.values())


def take(client: AdsClient, profile: str) -> Backup:
    """Return the current structure of a profile.

    Raises:
        AdsError: an export failed; a backup is complete or fails.
    """
    if client.jobs is not None:
        client.jobs.forget(profile)
    taken_at = datetime.fromtimestamp(client.clock.now(), UTC).isoformat(timespec="seconds")
    records: dict[str, Sequence[Mapping[str, Any]]] = {}
    requests = [ExportRequest(kind, profile, EVERYTHING) for kind in KINDS]
    for request, result in zip(requests, client.exporter.gather(requests), strict=True):
        if isinstance(result, AdsError):
            raise result
        records[request.kind] = result
    return Backup(profile, taken_at, records)


def save(backup: Backup, path: str | Path, encryptor: Encryptor | None = None) -> None:
    """Write a backup completely or not at all; only the owner can read the file."""
    content = _written(backup)
    if encryptor is not None:
        content = encryptor.encrypt(content)
    target = Path(path)
    temporary = target.with_name(target.name + ".part")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(target)


def load(path: str | Path, encryptor: Encryptor | None = None) -> Backup:
    """Return a backup that was saved.

    Raises:
        StoreError: the file is missing, damaged, or encrypted with another key.
    """
    try:
        content = Path(path).read_bytes()
    except OSError as error:
        raise StoreError(f"{path}: {error.strerror}") from error
    if not content.startswith(b"{"):
        if encryptor is None:
            raise StoreError(
                f"{path} is encrypted or no backup: pass the encryptor it was saved with"
            )
        content = encryptor.decrypt(content)
    try:
        return _read(content)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise StoreError(f"{path} is not a complete backup: {error}") from error


def _written(backup: Backup) -> bytes:
    counts = {kind: len(rows) for kind, rows in backup.records.items()}
    head = {"format": FORMAT, "profile": backup.profile, "takenAt": backup.taken_at}
    rows = [
        {"kind": kind, "record": record}
        for kind, records in backup.records.items()
        for record in records
    ]
    text = "".join(_line(row) for row in ({**head, "counts": counts}, *rows)).encode()
    return text + _line({"sha256": hashlib.sha256(text).hexdigest()}).encode()


def _line(row: Mapping[str, Any]) -> str:
    return json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n"


def _read(content: bytes) -> Backup:
    text, _, last = content.rstrip(b"\n").rpartition(b"\n")
    text += b"\n"
    if json.loads(last).get("sha256") != hashlib.sha256(text).hexdigest():
        raise ValueError("the hash of its lines differs from the one it records")
    head, *rows = (json.loads(line) for line in text.decode().split("\n")[:-1])
    if head["format"] != FORMAT:
        raise ValueError(f"its format is {head['format']}, not {FORMAT}")
    records: dict[str, list[Mapping[str, Any]]] = {kind: [] for kind in head["counts"]}
    for row in rows:
        records[row["kind"]].append(row["record"])
    return Backup(head["profile"], head["takenAt"], records)
