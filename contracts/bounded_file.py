"""Files that users name, read and parsed within limits: a damaged or hostile one costs little.

The readers of the command line share these. A limit is checked before the text is parsed, because
parsers take many times the size of a file.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, Final

MIB: Final = 1 << 20
CONFIGURATION_BYTES: Final = 1 * MIB
"""Plans, manifests, quotas and thresholds: written by people."""
YAML_BYTES: Final = 8 * MIB
"""The YAML parser takes 6 seconds for one MiB (measured)."""
JSON_BYTES: Final = 64 * MIB
LINE_BYTES: Final = 32 * MIB
"""One line of a journal: a call with both bodies takes a tenth of it."""
MOST_VALUES: Final = 1_000_000
"""Values of a YAML document, those of its aliases counted each time."""

_DEEPEST_KEY: Final = 64
_DEEP_KEY = re.compile(
    rf"""(?:^|[\[{{,])[ \t]*(?:[\w"'-]+[ \t]*\.[ \t]*){{{_DEEPEST_KEY}}}""", re.MULTILINE
)
"""A dotted key of TOML: the parser's memory grows with the square of its parts."""


class BoundError(ValueError):
    """A file that exceeds a limit, or text that its format does not allow; one line."""


def read_text(path: Path, most: int) -> str:
    """Return the text of a file of at most ``most`` bytes.

    Raises:
        BoundError: it is larger, or not UTF-8.
        OSError: it cannot be read.
    """
    raw = read_bytes(path, most)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BoundError(f"not UTF-8 text (byte {error.start}): convert it to UTF-8") from None


def read_bytes(path: Path, most: int) -> bytes:
    """Return the content of a file of at most ``most`` bytes.

    Raises:
        BoundError: it is larger.
        OSError: it cannot be read.
    """
    with path.open("rb") as file:  # a device or a pipe does not say how much it has
        raw = file.read(most + 1)
    if len(raw) > most:
        raise BoundError(f"larger than {most // MIB} MiB: divide it")
    return raw


def read_lines(file: BinaryIO) -> Iterator[bytes]:
    """Yield the lines of a file; one above ``LINE_BYTES`` is cut, so that it is no JSON."""
    while line := file.readline(LINE_BYTES):
        yield line


def parse_json(text: str | bytes) -> Any:
    """Return the value of JSON text.

    Raises:
        BoundError: it is not JSON, is nested too deep, or has a number that is too long.
    """
    try:
        return json.loads(text)
    except RecursionError:
        raise BoundError("not JSON: nested too deep") from None
    except ValueError as error:
        reason = "a number is too long" if "int_max_str" in str(error) else str(error)
        raise BoundError(f"not JSON: {reason}") from None


def parse_toml(text: str) -> dict[str, Any]:
    """Return the value of TOML text.

    Raises:
        BoundError: it is not TOML, or is nested too deep.
    """
    deep = _DEEP_KEY.search(text)
    if deep is not None:
        line = text.count("\n", 0, deep.end()) + 1
        raise BoundError(
            f"not TOML: line {line}: a key has more than {_DEEPEST_KEY} parts: nested too deep"
        )
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise BoundError("not TOML: nested too deep") from None
    except ValueError as error:
        reason = "a number is too long" if "int_max_str" in str(error) else str(error)
        raise BoundError(f"not TOML: {reason}") from None


def check_aliases(value: Any, most: int = MOST_VALUES) -> None:
    """Check that a parsed YAML document is no bomb: its aliases are counted each time.

    Raises:
        BoundError: it has more values than ``most``, or contains itself.
    """
    try:
        total = _count(value, {})
    except RecursionError:
        raise BoundError("not YAML: nested too deep") from None
    if total > most:
        raise BoundError(f"not YAML that can be read: its aliases make more than {most:,} values")


def _count(value: Any, known: dict[int, int]) -> int:
    """Return the number of values in a value; ``known`` has those that were counted."""
    if not isinstance(value, dict | list):
        return 1
    place = id(value)
    if place not in known:
        known[place] = -1
        members = value.values() if isinstance(value, dict) else value
        known[place] = 1 + sum([_count(each, known) for each in members])
    if known[place] < 0:
        raise BoundError("not YAML that can be read: a value contains itself")
    return known[place]
