"""Remembers contract files that passed their checks, so that later starts skip them.

An entry is an empty file in the user's cache directory. Its name is the digest of everything that
the result depends on: the files, the meta-schemas, the checking code and the build of its library.
Only the name is used: contracts always come from the files, and one changed byte means a new check.
Without a writable cache directory, every start checks.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

MAXIMUM_ENTRIES = 20
"""The oldest entries are deleted first."""


def digest(files: dict[str, bytes], checks: Iterable[Path], library: Path) -> str:
    """Return the digest of ``files``, the checking code ``checks`` and its library."""
    build = library.stat()
    found = sha256(f"{library} {build.st_size} {build.st_mtime_ns}".encode())
    judged = {path.name: path.read_bytes() for path in sorted(checks)}
    for part in (files, judged):
        found.update(b"\0\0")
        for name, raw in part.items():
            found.update(b"%d %d %s" % (len(name), len(raw), name.encode()))
            found.update(raw)
    return found.hexdigest()


def is_cached(digest: str) -> bool:
    """Return whether the files with this digest passed the checks before."""
    try:
        return (_folder() / digest).is_file()
    except (OSError, RuntimeError):  # no home directory, or no access to it
        return False


def remember(digest: str) -> None:
    """Remember that the files with this digest passed; without a cache directory do nothing."""
    with suppress(OSError, RuntimeError):
        folder = _folder()
        folder.mkdir(parents=True, exist_ok=True)
        (folder / digest).touch()
        entries = sorted(folder.iterdir(), key=lambda path: path.stat().st_mtime)
        for old in entries[:-MAXIMUM_ENTRIES]:
            old.unlink()


def _folder() -> Path:
    """Return the cache directory, by the XDG base directory specification."""
    given = Path(os.environ.get("XDG_CACHE_HOME", ""))
    return (given if given.is_absolute() else Path.home() / ".cache") / "adsmock" / "validated"
