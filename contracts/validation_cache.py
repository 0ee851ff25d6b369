"""Marks of contract files that were found right, so that no start checks the same files again.

A mark is an empty file in the user's cache directory; its name is the digest of everything that the
finding depends on: the files, the meta-schemas, the code that checks, and the build of its library.
Nothing is read from a mark: what is served is what the files say now, and one byte that differs is
checked anew. Where no mark can be kept, every start checks.

Knows where marks lie. Must not know what a contract says.
"""

from __future__ import annotations

import os
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST = 20
"""Marks that are kept; the oldest go first."""


def digest_of(files: dict[str, bytes], checks: Iterable[Path], library: Path) -> str:
    """Return what stands for ``files`` as the files ``checks`` and a library judge them."""
    build = library.stat()
    found = sha256(f"{library} {build.st_size} {build.st_mtime_ns}".encode())
    judged = {path.name: path.read_bytes() for path in sorted(checks)}
    for part in (files, judged):
        found.update(b"\0\0")
        for name, raw in part.items():
            found.update(b"%d %d %s" % (len(name), len(raw), name.encode()))
            found.update(raw)
    return found.hexdigest()


def is_marked(digest: str) -> bool:
    """Say whether these files were found right before."""
    try:
        return (_folder() / digest).is_file()
    except (OSError, RuntimeError):  # no home, or one that nobody may look into
        return False


def mark(digest: str) -> None:
    """Remember that these files were found right, where that can be remembered."""
    with suppress(OSError, RuntimeError):
        folder = _folder()
        folder.mkdir(parents=True, exist_ok=True)
        (folder / digest).touch()
        marks = sorted(folder.iterdir(), key=lambda path: path.stat().st_mtime)
        for old in marks[:-MOST]:
            old.unlink()


def _folder() -> Path:
    """Return the directory of marks, as the XDG base directory specification places it."""
    given = Path(os.environ.get("XDG_CACHE_HOME", ""))
    return (given if given.is_absolute() else Path.home() / ".cache") / "adsmock" / "marks"
