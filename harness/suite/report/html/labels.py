"""Words, signs and CSS classes of verdicts and replies.

Color is never the only sign: every tone has a sign or a shape, and a word.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from adsmock.harness.suite.practice import find

_DOCS = "https://advertising.amazon.com/API/docs/en-us/"
_ANCHOR = re.compile(r"[A-Za-z0-9][A-Za-z0-9/_.-]*(#[A-Za-z0-9_-]+)?")
_OK, _MULTI_STATUS, _REFUSED, _BROKEN = 200, 207, 400, 500
_THROTTLED = frozenset({425, 429})


@dataclass(frozen=True, slots=True)
class Verdict:
    """How one verdict is shown: its word, sign, CSS class and meaning."""

    word: str
    sign: str
    css: str
    meaning: str


# From the most urgent to the least.
VERDICTS = {
    verdict.word: verdict
    for verdict in (
        Verdict(
            "ERROR", "‼", "error", "the suite or the mock failed; says nothing about the client"
        ),
        Verdict("FAIL", "✕", "fail", "a MUST rule is broken"),
        Verdict("WARN", "!", "warn", "a SHOULD rule is broken"),
        Verdict("UNPROVEN", "?", "unproven", "the rule was not put to the test: not a pass"),
        Verdict(
            "INCONCLUSIVE", "≈", "inconclusive", "too noisy or incomplete to decide: not a pass"
        ),
        Verdict("INFO", "i", "info", "for information, never scored"),
        Verdict("PASS", "✓", "pass", "the client followed the rule"),
        Verdict("N/A", "-", "na", "not applicable, with a reason"),
    )
}
ORDER = tuple(VERDICTS)
NEEDS_REVIEW = frozenset(ORDER[:5])
UNSETTLED = frozenset({"UNPROVEN", "INCONCLUSIVE"})

# How a connection ended, if not with a complete answer.
ENDINGS = {
    "reset": "reset",
    "closed": "closed",
    "truncated": "cut short",
    "timeout": "no answer",
    "client-closed": "closed by client",
    "open": "open",
}


@dataclass(frozen=True, slots=True)
class Practice:
    """One practice of a case: its code, title and source."""

    code: str
    title: str
    source: str
    link: str | None


def verdict(word: object) -> Verdict:
    """Return how `word` is shown; an unknown word is shown unchanged, in the tone of an error."""
    text = str(word)
    return VERDICTS.get(text) or Verdict(text, "‼", "error", "unknown verdict")


def worst(words: list[str]) -> str:
    """Return the most urgent word, or an empty string."""
    known = [word for word in ORDER if word in words]
    return known[0] if known else ""


def tone(entry: Mapping[str, Any]) -> str:
    """Return the class of a reply: ok, part, throttle, refuse, broken or lost."""
    if entry.get("ended", "complete") != "complete":
        return "lost"
    status = entry.get("status")
    if not isinstance(status, int) or status == 0:
        return "lost"
    if status in _THROTTLED:
        return "throttle"
    if status >= _BROKEN:
        return "broken"
    if status >= _REFUSED:
        return "refuse"
    return "part" if status == _MULTI_STATUS and _has_failed_items(entry) else "ok"


def _has_failed_items(entry: Mapping[str, Any]) -> bool:
    """Return whether any item of a 207 failed, as far as the journal has the reply."""
    fault, reply = entry.get("fault"), entry.get("reply")
    if isinstance(fault, Mapping) and fault.get("kind") == "partial":
        return True
    envelopes = reply.values() if isinstance(reply, Mapping) else ()
    return any(isinstance(envelope, Mapping) and envelope.get("error") for envelope in envelopes)


def answer(entry: Mapping[str, Any]) -> str:
    """Return the reply in a few words: `429`, `200 cut short`, `reset`."""
    status, ended = entry.get("status"), str(entry.get("ended", "complete"))
    words = [str(status)] if isinstance(status, int) and status >= _OK else []
    if ended != "complete":
        words.append(ENDINGS.get(ended, ended))
    return " ".join(words) or "no answer"


def fault_kind(entry: Mapping[str, Any]) -> str:
    """Return the kind of the call's fault, or an empty string."""
    fault = entry.get("fault")
    return str(fault.get("kind", "")) if isinstance(fault, Mapping) else ""


def fault_rule(entry: Mapping[str, Any]) -> str:
    """Return the name of the fault rule that acted on a call, or an empty string."""
    fault = entry.get("fault")
    return str(fault.get("id") or "") if isinstance(fault, Mapping) else ""


def document(anchor: object) -> str | None:
    """Return the URL of a public document, or None when `anchor` is not a plain page path."""
    text = str(anchor or "").strip("/")
    return _DOCS + text if _ANCHOR.fullmatch(text) and ".." not in text else None


def practice(code: str) -> Practice:
    """Return the practice of a code; an unknown code gets no title."""
    found = find(code)
    if found is None:
        return Practice(code, "", "", None)
    return Practice(code, found.title, found.source.name, document(found.source.page))
