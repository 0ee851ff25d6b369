"""The redacted wire log of a case: its calls with headers and bodies."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from adsmock.harness.suite.report.html.labels import answer, fault_kind, tone
from adsmock.harness.suite.report.html.lane import seq_of
from adsmock.harness.suite.report.html.masking import mask, mask_text
from adsmock.harness.suite.report.html.reproduce import curl
from adsmock.harness.suite.report.html.timeline import Entry, duration, moment

# A report is mailed and attached to tickets, so it stays small; the journal is complete. A success
# that is no evidence says least.
ROWS_SHOWN = 200
BODY_CHARACTERS = 4_000
PLAIN_BODY_CHARACTERS = 2_000
CASE_CHARACTERS = 150_000


@dataclass(frozen=True, slots=True)
class WireRow:
    """One call of the wire log, with its details."""

    seq: int
    time: str
    method: str
    path: str
    answer: str
    tone: str
    fault: str
    retry_after: str
    attempt: str
    facts: tuple[tuple[str, str], ...]
    headers: tuple[tuple[str, str], ...]
    request: str
    reply: str
    curl: str


@dataclass(frozen=True, slots=True)
class Log:
    """The rows of one case, and the total of its calls."""

    rows: tuple[WireRow, ...]
    total: int

    @property
    def hidden(self) -> int:
        """Return the number of calls that only the journal contains."""
        return self.total - len(self.rows)


def shown(entries: Sequence[Entry], timebase: str, first: frozenset[int]) -> frozenset[int]:
    """Return the sequence numbers of the calls that the log of a case shows."""
    return frozenset(seq_of(entry) for entry in _choose(_ordered(entries, timebase), first))


def _ordered(entries: Sequence[Entry], timebase: str) -> list[Entry]:
    return sorted(entries, key=lambda entry: (moment(entry, timebase).arrive, seq_of(entry)))


def log(entries: Sequence[Entry], timebase: str, first: frozenset[int]) -> Log:
    """Return the log in order of arrival; if not all fit, entries of `first` are kept."""
    ordered = _ordered(entries, timebase)
    kept = _choose(ordered, first)
    zero = moment(ordered[0], timebase).arrive if ordered else 0.0
    rows: list[WireRow] = []
    room = CASE_CHARACTERS
    for entry in kept:
        row = _row(entry, timebase, zero, min(room, _limit(entry, first)))
        room -= len(row.request) + len(row.reply)
        rows.append(row)
    return Log(tuple(rows), len(ordered))


def _choose(ordered: Sequence[Entry], first: frozenset[int]) -> list[Entry]:
    """Return at most ROWS_SHOWN entries: the evidence, then the earliest of the others."""
    if len(ordered) <= ROWS_SHOWN:
        return list(ordered)
    ranked = sorted(
        range(len(ordered)), key=lambda index: (seq_of(ordered[index]) not in first, index)
    )
    return [ordered[index] for index in sorted(ranked[:ROWS_SHOWN])]


def _limit(entry: Entry, first: frozenset[int]) -> int:
    """Return how many characters of each body are shown."""
    is_plain = tone(entry) == "ok" and not fault_kind(entry) and seq_of(entry) not in first
    return PLAIN_BODY_CHARACTERS if is_plain else BODY_CHARACTERS


def _row(entry: Entry, timebase: str, zero: float, limit: int) -> WireRow:
    when = moment(entry, timebase)
    query = str(entry.get("query") or "")
    path = str(entry.get("path") or "") + (f"?{query}" if query else "")
    attempt = entry.get("attempt")
    request = body(entry.get("request"), limit)
    return WireRow(
        seq=seq_of(entry),
        time=f"+{duration(when.arrive - zero)}",
        method=str(entry.get("method") or ""),
        path=mask_text(path),
        answer=answer(entry),
        tone=tone(entry),
        fault=fault_kind(entry),
        retry_after=str(entry.get("retryAfter") or ""),
        attempt=str(attempt) if isinstance(attempt, int) and attempt > 1 else "",
        facts=_facts(entry, when.send - when.arrive),
        headers=_headers(entry.get("headers")),
        request=request,
        reply=body(entry.get("reply"), limit),
        curl=curl(entry),
    )


def _facts(entry: Entry, took: float) -> tuple[tuple[str, str], ...]:
    """Return the known facts about an entry."""
    fault = entry.get("fault")
    met = fault if isinstance(fault, Mapping) else {}
    facts: tuple[tuple[str, object], ...] = (
        ("operation", entry.get("operation")),
        ("answered in", duration(took)),
        ("Retry-After", entry.get("retryAfter")),
        ("fault", " / ".join(str(met[key]) for key in ("id", "kind", "point") if met.get(key))),
        ("ended", entry.get("ended")),
        ("committed", _yes_or_no(entry.get("committed"))),
        ("region", entry.get("region")),
        ("host", entry.get("host")),
        ("profile", entry.get("profileId")),
        ("token", _token(entry)),
        ("chain", entry.get("chain")),
        ("attempt", entry.get("attempt")),
        ("items", entry.get("items")),
        ("connection", entry.get("connection")),
        ("request id", entry.get("requestId")),
    )
    return tuple((name, mask_text(str(value))) for name, value in facts if value not in (None, ""))


def _yes_or_no(value: object) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else ""


def _token(entry: Entry) -> str:
    """Return the hashed token and its state at that moment."""
    return " ".join(str(entry[key]) for key in ("token", "tokenState") if entry.get(key))


def _headers(headers: object) -> tuple[tuple[str, str], ...]:
    if not isinstance(headers, Mapping):
        return ()
    return tuple((str(name), str(mask({name: value})[name])) for name, value in headers.items())


def body(value: object, room: int) -> str:
    """Return a request or reply as indented JSON, masked, and cut to `room` characters."""
    if value is None:
        return ""
    text = (
        value
        if isinstance(value, str)
        else json.dumps(mask(value), indent=2, default=str, ensure_ascii=False)
    )
    text = mask_text(text)
    limit = min(BODY_CHARACTERS, room)
    if limit <= 0:
        return "left out to keep this report small: see journal.ndjson"
    if len(text) <= limit:
        return text
    return f"{text[:limit]}\n... {len(text) - limit} more characters: see journal.ndjson"
