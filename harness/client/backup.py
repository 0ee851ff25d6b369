"""An account's campaign structure in one file: taken by export, sealed, and read back whole.

Knows the four exports and the form of the file. Must not know how a state is brought back
(``rollback``). The file is JSON lines: a head, one line a record, and a foot with the hash of all
lines before it. With a vault the whole of it is sealed. Source: WAF, reliability, backup of the
campaign structure; WAF, campaign management, exports for metadata in bulk (documented).
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .errors import AdsError, StoreTrouble
from .export import ExportRequest
from .metadata import KINDS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .client import AdsClient
    from .encryption import Vault

FORMAT = "adsmock-backup/1"

EVERYTHING = {
    "adProductFilter": ["SPONSORED_PRODUCTS"],
    "stateFilter": ["ENABLED", "PAUSED", "ARCHIVED"],
}
"""Archived entities too: what was archived later must be told from what has vanished."""


@dataclass(frozen=True, slots=True)
class Backup:
    """The records of every kind of export of one profile, and when they were asked for (UTC)."""

    profile: str
    taken_at: str
    records: Mapping[str, Sequence[Mapping[str, Any]]]

    def __len__(self) -> int:
        """Return the number of records of all kinds."""
        return sum(len(rows) for rows in self.records.values())


def take(client: AdsClient, profile: str) -> Backup:
    """Return the structure of a profile as it stands now.

    Raises:
        AdsError: when any export failed: half a backup is none.
    """
    if client.jobs is not None:
        client.jobs.forget(profile)
    taken_at = datetime.fromtimestamp(client.clock.now(), UTC).isoformat(timespec="seconds")
    records: dict[str, Sequence[Mapping[str, Any]]] = {}
    wishes = [ExportRequest(kind, profile, EVERYTHING) for kind in KINDS]
    for wish, result in zip(wishes, client.exporter.gather(wishes), strict=True):
        if isinstance(result, AdsError):
            raise result
        records[wish.kind] = result
    return Backup(profile, taken_at, records)


def save(backup: Backup, path: str | Path, vault: Vault | None = None) -> None:
    """Write a backup, whole or not at all; only the owner of the file can read it."""
    content = _written(backup)
    if vault is not None:
        content = vault.seal(content)
    target = Path(path)
    draft = target.with_name(target.name + ".part")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(target)


def load(path: str | Path, vault: Vault | None = None) -> Backup:
    """Return a backup that was saved.

    Raises:
        StoreTrouble: when the file is none, is not whole, or needs another key.
    """
    try:
        content = Path(path).read_bytes()
    except OSError as trouble:
        raise StoreTrouble(f"{path}: {trouble.strerror}") from trouble
    if not content.startswith(b"{"):
        if vault is None:
            raise StoreTrouble(f"{path} is sealed, or no backup: a key is needed")
        content = vault.open(content)
    try:
        return _read(content)
    except (ValueError, KeyError, TypeError, AttributeError) as trouble:
        raise StoreTrouble(f"{path} is no whole backup: {trouble}") from trouble


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
        raise ValueError("its hash is another one than it says")
    head, *rows = (json.loads(line) for line in text.decode().split("\n")[:-1])
    if head["format"] != FORMAT:
        raise ValueError(f"its format is {head['format']}")
    records: dict[str, list[Mapping[str, Any]]] = {kind: [] for kind in head["counts"]}
    for row in rows:
        records[row["kind"]].append(row["record"])
    return Backup(head["profile"], head["takenAt"], records)
