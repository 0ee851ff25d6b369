"""Tasks that differ only in their filter, and a program that ignores it.

Such a program sends one call for all of them, and the checks would take each for a retry of the
one before it.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

from adsmock.harness.suite.journal import CaseView


def ignored_filter(view: CaseView) -> str | None:
    """Return a sentence that names a filter the program ignored, None when it ignored none."""
    lists: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for args in view.task_args("list"):
        if args.get("filter"):
            lists[args["resource"], str(args["profile"])].append(args["filter"])
    for (resource, profile), filters in lists.items():
        values = _distinct_values(filters)
        calls = [
            call for call in view.of_operation(f"{resource}.list") if call.profile_id == profile
        ]
        if not values or not calls or len({call.chain for call in calls}) > 1:
            continue
        sent = [json.dumps(call.request) + call.query for call in calls]
        if not any(json.dumps(value)[1:-1] in text for value in values for text in sent):
            names = ", ".join(sorted({name for each in filters for name in each}))
            return (
                f"the program ignored the filter {names} of {len(filters)} tasks: it sent the same "
                f"{resource}.list for each, so a new task looks like a retry; send the "
                "filter, or declare the check not applicable"
            )
    return None


def _distinct_values(filters: list[dict[str, Any]]) -> set[str]:
    """Return the texts by which filters differ; none when all are equal."""
    counts = Counter(text for each in filters for text in set(_texts(each)))
    return {text for text, count in counts.items() if count < len(filters)}


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for member in value.values():
            yield from _texts(member)
    elif isinstance(value, list):
        for member in value:
            yield from _texts(member)
    else:
        yield str(value)
