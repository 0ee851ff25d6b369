"""A fault of a case in words: which calls get it, when, and what it does."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from adsmock.harness.suite.case.model import Fault

_ONLY = {"operation", "region", "profileId"}


def fault_words(fault: Fault) -> str:
    """Return a fault in a sentence; in JSON what has no words."""
    match = fault.match
    calls = " or ".join(_list(match.get("operation"))) or "any call"
    places = [f"in {', '.join(_list(match['region']))}"] if "region" in match else []
    if "profileId" in match:
        places.append(f"of profile {_profile(match['profileId'])}")
    rest = {name: value for name, value in match.items() if name not in _ONLY}
    places += [f"that match {json.dumps(rest)}"] if rest else []
    where = " ".join([calls, *places])
    return f"{fault.id}: {_when(fault.when)} {where}: {_effect(fault.effect)}"


def _list(value: Any) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list) else [str(value)] * bool(value)


def _profile(value: Any) -> str:
    return str(value.get("$profile", json.dumps(value)) if isinstance(value, Mapping) else value)


def _when(when: Mapping[str, Any]) -> str:
    """Return when a fault takes effect, as the subject of a sentence."""
    attempt = when.get("attempt")
    if set(when) == {"attempt"} and isinstance(attempt, int):
        return f"attempt {attempt} of"
    if set(when) == {"attempt"} and isinstance(attempt, list):
        first, last = attempt
        return f"attempts {first} to {last} of"
    if when in ({"times": 1}, {"attempt": 1, "times": 1}):
        return "the first call of"
    if set(when) == {"times"}:
        return f"the first {when['times']} calls of"
    return f"calls ({json.dumps(dict(when))}) of" if when else "every call of"


def _effect(effect: Mapping[str, Any]) -> str:
    if effect.get("kind") != "http":
        rest = {name: value for name, value in effect.items() if name != "kind"}
        return f"{effect.get('kind')}{f' {json.dumps(rest)}' if rest else ''}"
    rest = {k: v for k, v in effect.items() if k not in {"kind", "status", "retryAfter", "dialect"}}
    wait = effect.get("retryAfter")
    words = f"answered {effect['status']}" + (f" with Retry-After {wait}" if wait else "")
    return words + (f" {json.dumps(rest)}" if rest else "")
