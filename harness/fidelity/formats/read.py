"""The format of a file, recognized by its content, and the exchanges in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from adsmock.contracts.bounded_file import (
    JSON_BYTES,
    MIB,
    YAML_BYTES,
    BoundError,
    check_aliases,
    parse_json,
    read_text,
)
from adsmock.contracts.loader import load
from adsmock.contracts.operation_index import operations
from adsmock.harness.fidelity.exchange import Exchange
from adsmock.harness.fidelity.formats import har, postman, vcr

EXPECTED = "expected a HAR file, a VCR cassette (YAML) or a Postman collection with saved replies"


class FormatError(ValueError):
    """A file that is no recording; the message names the file and what was expected."""


@dataclass(frozen=True, slots=True)
class Recording:
    """The exchanges of one file with the Ads API; ``ignored`` counts calls of other services."""

    file: str
    format: str
    exchanges: tuple[Exchange, ...]
    ignored: int


def read(path: Path) -> Recording:
    """Return a recording.

    Raises:
        FormatError: the file has no known format, or is damaged.
        OSError: it cannot be read.
    """
    try:
        document = _parsed(path)
    except BoundError as error:
        raise FormatError(f"{path}: {error}: {EXPECTED}") from None
    for name, (fits, exchanges) in _FORMATS.items():
        if fits(document):
            try:
                every = list(exchanges(document))
            except (
                KeyError, TypeError, ValueError, AttributeError, RecursionError,
            ) as error:  # fmt: skip
                raise FormatError(f"{path}: a damaged {name} ({error!r}): {EXPECTED}") from None
            kept = tuple(each for each in every if _is_ours(each))
            return Recording(path.name, name, kept, len(every) - len(kept))
    raise FormatError(f"{path}: an unknown format: {EXPECTED}")


def _parsed(path: Path) -> Any:
    text = read_text(path, JSON_BYTES)
    if text.lstrip().startswith("{"):
        return parse_json(text)
    if len(text) > YAML_BYTES:
        raise BoundError(f"YAML larger than {YAML_BYTES // MIB} MiB: divide it")
    try:
        from ruamel.yaml import YAML  # noqa: PLC0415 -- only with the extra "yaml"
        from ruamel.yaml.error import YAMLError  # noqa: PLC0415 -- as above
    except ImportError:
        raise FormatError(
            f"{path}: YAML needs ruamel.yaml: run pip install 'adsmock[yaml]'"
        ) from None
    try:
        value = YAML(typ="safe", pure=True).load(text)
    except (YAMLError, ValueError) as error:
        reason = " ".join(str(error).split())[:200]
        raise BoundError(f"not YAML ({reason})") from None
    except RecursionError:
        raise BoundError("not YAML: nested too deep") from None
    check_aliases(value)
    return value


def _is_ours(each: Exchange) -> bool:
    """Say whether a call went to Amazon's hosts, or to a known path of a mock."""
    if each.host in _hosts():
        return True
    return operations().find(each.method, each.path, each.request) is not None


@cache
def _hosts() -> frozenset[str]:
    regions = load().regions.values()
    return frozenset(
        host for row in regions for host in (row.ads_host, row.lwa_host, row.storage_host)
    )


_Fits = Callable[[Any], bool]
_Reads = Callable[[Mapping[str, Any]], Iterator[Exchange]]
_FORMATS: dict[str, tuple[_Fits, _Reads]] = {
    "HAR file": (har.fits, har.exchanges),
    "Postman collection": (postman.fits, postman.exchanges),
    "VCR cassette": (vcr.fits, vcr.exchanges),
}
