"""Lost calls: the work of the verbs in ``work_by_verb.toml``, and which calls show it as done."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any

from msgspec import Struct, convert

from adsmock.harness.suite.checks.job_files import CORRUPT
from adsmock.harness.suite.checks.settled import Lost, is_final
from adsmock.harness.suite.journal import CaseView, Entry

FILE = Path(__file__).with_name("work_by_verb.toml")

NATIVE = "sp."
"""Operations of the API whose data exports and other APIs have too."""

READS = ("list", "get")


class VerbWork(Struct, frozen=True, forbid_unknown_fields=True):
    """The calls that do the work of one verb, and its pieces; none for a verb without work."""

    operations: tuple[str, ...]
    work: str
    pieces: str = ""
    elsewhere: bool = False


@cache
def work_by_verb() -> Mapping[str, VerbWork]:
    """Return the rows of the file."""
    return convert(tomllib.loads(FILE.read_text("utf-8")), dict[str, VerbWork])


def lost_calls(view: CaseView, verb: str, args: Mapping[str, Any]) -> Lost:
    """Return the pieces of a task that no call did, and the number of its pieces."""
    row = work_by_verb().get(verb)
    if row is None or not row.operations:
        return [], 0
    operations = [each.format_map(args) for each in row.operations]
    calls = [call for call in _calls(view, args) if _is_one_of(call, operations)]
    done = [call for call in calls if _is_done(call)]
    pieces = args[row.pieces] if row.pieces else 1
    if row.elsewhere and _is_read_elsewhere(view, args):
        return [], _size(pieces)
    if isinstance(pieces, int):
        lacking = max(0, pieces - len(done))
        return [row.work.format_map(args)] * lacking, pieces
    named = {name for call in done for name in _names(call)}
    has_unknown = any(call.reply is None for call in done)
    lost = [piece for piece in pieces if str(piece) not in named and not has_unknown]
    return [row.work.format(**args, piece=piece) for piece in lost], len(pieces)


def _size(pieces: Any) -> int:
    return pieces if isinstance(pieces, int) else len(pieces)


def _calls(view: CaseView, args: Mapping[str, Any]) -> list[Entry]:
    """Return the calls for the profile of a task, all calls for a task without one."""
    profile = args.get("profile")
    return [call for call in view.calls if profile is None or call.profile_id == str(profile)]


def _is_one_of(call: Entry, operations: list[str]) -> bool:
    return any(fnmatchcase(call.operation, each) for each in operations)


def _is_done(call: Entry) -> bool:
    """Say whether a call did its work, or was refused so that no retry can change it."""
    is_write = call.operation.rpartition(".")[2] not in READS
    is_whole = call.is_success and call.fault_kind not in CORRUPT
    return is_whole or (is_write and call.committed) or is_final(call, ())


def _is_read_elsewhere(view: CaseView, args: Mapping[str, Any]) -> bool:
    """Say whether the profile's data were read from an export or another API."""
    others = (call for call in _calls(view, args) if call.is_api)
    return any(call.is_success and not call.operation.startswith(NATIVE) for call in others)


def _names(call: Entry) -> Iterator[str]:
    """Yield the texts that a call contains: in its path, its body and its answer."""
    yield from call.path.split("/")
    yield from texts_of(call.request)
    yield from texts_of(call.reply)


def texts_of(value: Any) -> Iterator[str]:
    """Yield the values in a JSON document, as texts."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list | tuple):
        for each in value:
            yield from texts_of(each)
    elif value is not None:
        yield str(value)
