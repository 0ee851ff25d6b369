"""The operation of a call, its media types, and the deprecation calendar.

Sources: campaign management reference 1.3 (observed: 415 before 406, media types compare
without case, an empty or ``*/*`` Accept passes), 1.5 (observed: unknown path), 9.3 (observed:
answers after shut-off; where nothing was seen, 404 "Method Not Found" is assumed).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator

from adsmock.contracts.contract_set import ContractSet, Deprecation
from adsmock.contracts.iso8601 import parse_utc
from adsmock.contracts.media_versions import reply_types
from adsmock.contracts.model import Contract, Operation
from adsmock.mockserver.catalog.storage import STORAGE, UPLOAD
from adsmock.mockserver.core.call import Call
from adsmock.mockserver.core.caller import Place
from adsmock.mockserver.core.error import ApiError
from adsmock.mockserver.core.sandbox import Sandbox

_ANY = frozenset({"", "*/*", "application/*"})

_ANY_FIRST = "{}"

_VERSION = re.compile(r"\.v\d+(\.\d+)?\+")

Found = tuple[Operation, dict[str, str]]


class _Pattern:
    """The pattern of a path template, compiled at its first use.

    Compiling all patterns at start took a tenth of the start's time (measured).
    """

    __slots__ = ("_compiled", "_template")

    def __init__(self, template: str) -> None:
        self._template = template
        self._compiled: re.Pattern[str] | None = None

    def fullmatch(self, path: str) -> re.Match[str] | None:
        """Return the match of a whole path, None without one."""
        if self._compiled is None:
            self._compiled = _compile(self._template)
        return self._compiled.fullmatch(path)


Template = tuple[str, _Pattern, Operation]


class Calendar:
    """Routes and shut-off dates, compiled from the contracts once at start.

    ``past`` returns the operations of retired paths. It is called when one of them is first needed.
    """

    def __init__(
        self, contract_set: ContractSet, past: Callable[[], Iterable[Operation]] = tuple
    ) -> None:
        self._hosts = {region.id: region.ads_host for region in contract_set.regions.values()}
        self._past: Callable[[], Iterable[Operation]] | None = past
        self._exact: dict[tuple[str, str], Operation] = {}
        self._templates: dict[tuple[str, int], list[Template]] = {}
        self._ending: dict[str, list[Deprecation]] = {}
        self._deprecations = contract_set.deprecations
        self._add(contract_set.operations.values())
        self._retired: dict[str, list[tuple[str, _Pattern, Deprecation]]] = {}
        for ended in contract_set.deprecations:
            for method, path in map(_method_and_path, ended.paths):
                found = self._retired.setdefault(_first(path), [])
                found.append((method, _Pattern(path), ended))

    def _add(self, operations: Collection[Operation]) -> None:
        for operation in operations:
            if "{" in operation.path:
                row = (operation.method, _Pattern(operation.path), operation)
                self._templates.setdefault(_place(operation.path), []).append(row)
            else:
                self._exact[operation.method, operation.path] = operation
        self._paths = {path for _, path in self._exact}
        self._ending |= _ending(operations, self._deprecations)

    def find_operation(self, method: str, place: Place, now: float) -> Found:
        """Return the operation and its path parameters.

        A retired path is served until its shut-off date.

        Raises:
            ApiError: 404, or the answer of a retired path at ``now`` (sandbox seconds).
        """
        path = place.path
        if place.is_storage:
            return _stored(method)
        found = self._match(method, path)
        if found is not None:
            rows = self._ending.get(found[0].id)
            if rows:
                _refuse_ended((row for row in rows if not row.media_types), now)
            return found
        ends = [*self._ends(method, path)]
        if self._past is not None and any(now < parse_utc(row.shut_off) for row in ends):
            self._add([*self._past()])
            self._past = None
            return self.find_operation(method, place, now)
        _refuse_ended(ends, now)
        if path in self._paths or any(row[1].fullmatch(path) for row in self._candidates(path)):
            raise ApiError("methodNotAllowed", 405)
        url = f"http://{self._hosts[place.region]}{path}"
        raise ApiError("notFound", 404, dialect="gateway", values={"url": url})

    def _match(self, method: str, path: str) -> Found | None:
        operation = self._exact.get((method, path))
        if operation is not None:
            return operation, {}
        for candidate, pattern, templated in self._candidates(path):
            match = pattern.fullmatch(path) if candidate == method else None
            if match:
                return templated, match.groupdict()
        return None

    def _candidates(self, path: str) -> list[Template]:
        """Return the templates that a path may match, those with a fixed first segment first."""
        depth, first = path.count("/"), path[1:].partition("/")[0]
        near = self._templates.get((first, depth), [])
        blank = self._templates.get((_ANY_FIRST, depth))
        return near + blank if blank else near

    def _ends(self, method: str, path: str) -> Iterator[Deprecation]:
        near = (*self._retired.get(_first(path), ()), *self._retired.get(_ANY_FIRST, ()))
        for only, pattern, row in near:
            if only in {"*", method} and pattern.fullmatch(path):
                yield row

    def negotiate(
        self, operation: Operation, contract: Contract, call: Call, sandbox: Sandbox
    ) -> str:
        """Return the reply's media type. The token endpoint checks its form itself.

        Raises:
            ApiError: the family is shut off; 415, the type of the body is not supported; 406, no
                acceptable type can be produced.
        """
        if sandbox.shut_off:
            end = sandbox.shut_off.get(contract.family)
            if end is not None and sandbox.clock.now() >= end:
                raise ApiError("retired", 404)
        if operation.request and contract.shape != "single":
            _consume(operation, call)
        ending = self._ending.get(operation.id)
        if ending:
            now, sent = sandbox.clock.now(), call.sent
            _refuse_ended((row for row in ending if sent in row.media_types), now)
        return _produce(operation, call, strict=sandbox.is_documented)


def _ending(
    operations: Iterable[Operation], deprecations: Iterable[Deprecation]
) -> dict[str, list[Deprecation]]:
    """Return the rows of the calendar for served operations, by operation id.

    A row applies to an operation of the same path; the names of path parameters do not matter.
    """
    ending: dict[str, list[Deprecation]] = {}
    by_shape: dict[str, list[Operation]] = {}
    for operation in operations:
        by_shape.setdefault(_shape(operation.path), []).append(operation)
    for row in deprecations:
        for only, path in map(_method_and_path, row.paths):
            for operation in by_shape.get(_shape(path), ()):
                if only in {"*", operation.method}:
                    ending.setdefault(operation.id, []).append(row)
    return ending


def _shape(path: str) -> str:
    return re.sub(r"\{\w*\}", "{}", path)


def _refuse_ended(rows: Iterable[Deprecation], now: float) -> None:
    for row in rows:
        if now >= parse_utc(row.shut_off):
            raise _retired(row)


def _stored(method: str) -> Found:
    if method == UPLOAD.method:
        return UPLOAD, {}
    if method not in {"GET", "HEAD"}:
        raise ApiError("methodNotAllowed", 405, dialect="s3")
    return STORAGE, {}


def _consume(operation: Operation, call: Call) -> None:
    given = call.headers.get("content-type")
    if given == operation.request or (given is None and not call.body):
        return
    bare = (given or "").partition(";")[0].strip().lower()
    takes = {operation.request.lower(), *operation.accepts}
    takes.update(row.request.lower() for row in operation.versions)
    if bare not in takes and "*/*" not in takes:
        raise ApiError("unsupportedMediaType", 415)


def _produce(operation: Operation, call: Call, *, strict: bool) -> str:
    """Return the media type of the reply; ``strict`` accepts only what documents offer."""
    accept = call.headers.get("accept", "")
    if accept == operation.reply and not operation.versions:
        return accept
    offered = reply_types(operation, call.sent)
    if accept in _ANY:
        return offered[0]
    wanted = [part.partition(";")[0].strip().lower() for part in accept.split(",")]
    found = _first_match(wanted, offered)
    if found is not None:
        return found
    if "*/*" in operation.replies:
        return operation.reply
    seen = {operation.answers, *operation.also_accepts}
    if not strict and not seen.isdisjoint(wanted):
        return _of_same_version(offered, call.sent)
    raise ApiError("notAcceptable", 406)


def _of_same_version(offered: tuple[str, ...], sent: str) -> str:
    """Return the first offered type with the version of the body's type, else the first."""
    version = _VERSION.search(sent)
    return next((each for each in offered if version and version[0] in each), offered[0])


def _first_match(wanted: list[str], offered: tuple[str, ...]) -> str | None:
    """Return the first offered type that is wanted, None without one."""
    for want in wanted:
        if want in _ANY:
            return offered[0]
        for offer in offered:
            if want == offer.partition(";")[0].lower():
                return offer
    return None


def _method_and_path(text: str) -> tuple[str, str]:
    method, _, path = text.rpartition(" ")
    return method or "*", path


def _first(path: str) -> str:
    """Return the first segment of a path; templates that begin with a parameter share one."""
    first = path[1:].partition("/")[0]
    return _ANY_FIRST if "{" in first or "*" in first else first


def _place(path: str) -> tuple[str, int]:
    """Return the key of a path or template: its first segment and the number of segments."""
    return _first(path), path.count("/")


def _compile(template: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)\}", template)
    for place in range(0, len(parts), 2):
        parts[place] = re.escape(parts[place]).replace(r"\*", ".*")
    for place in range(1, len(parts), 2):
        parts[place] = f"(?P<{parts[place]}>[^/]+)"
    return re.compile("".join(parts))


def _retired(row: Deprecation) -> ApiError:
    return ApiError(
        row.kind or "retired",
        row.status or 404,
        message=row.message,
        dialect=row.dialect or "gateway",
    )
