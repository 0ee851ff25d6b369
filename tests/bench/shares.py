"""Where the time of a call goes, in process: the steps of create10 and of list100.

The bare callable parses, looks, stores and joins too; what it does not do lies between both. Why
that is what it is, by the table that this prints:

*create10* stays furthest below its target. Ten items are ten times everything that a mock of the
real rules does with one: defaults, rules, a sorted rendering, an id, three indexes. None of them
is large; together they are most of a call, and the bare callable has but a handful of comparisons
and one dictionary there. What can be done once a batch is done so: one schema pass for the body,
one for unknown members, one look for each rule that needs no neighbour (``Plan.unsettled``). What
is left is a dozen calls of Python an item.

*list100* is joined from bytes, as the bare one's is. The rest is the path: attribution, token,
scope, quota, journal, a signed page token; it weighs less the larger the page is, and handing 44 KB
to a socket costs both the same.

*hello* and *token* have no target: the first is refused with a body in the dialect of the gateway
and written down, the second signs a token that names its sandbox and can be revoked.
"""

from __future__ import annotations

import cProfile
import json
import pstats
import sys
from collections.abc import Callable

from tests.bench.desk import Desk
from tests.bench.load import create_body

CALLS = 400

STEPS: dict[str, tuple[tuple[str, str], ...]] = {
    "attribute and open the journal": (("pipeline.py", "_arrive"),),
    "find the operation, token, media": (
        ("version.py", "find_operation"),
        ("auth.py", "authenticate"),
        ("version.py", "negotiate"),
    ),
    "parse": (("body.py", "parse"),),
    "quota": (("throttle.py", "throttle"),),
    "check against the contract": (("body.py", "check"),),
    "drop unknown members": (("shape.py", "<lambda>"),),
    "look at the whole batch": (("plan.py", "unsettled"),),
    "items: defaults": (("write.py", "with_defaults"),),
    "items: what they owe each other": (("unique.py", "check"),),
    "items: number, render, index": (("write.py", "keep_new"),),
    "find the page": (("query.py", "query"),),
    "write the body": (("dispatch.py", "_body"),),
    "close the journal, count": (("pipeline.py", "_leave"), ("exchange.py", "close")),
}
"""The steps of a call by the functions that are them; no step contains another."""

BODIES: dict[str, tuple[str, Callable[[int], bytes]]] = {
    "create10": ("/sp/campaigns", lambda number: create_body("share", number)),
    "list100": ("/sp/campaigns/list", lambda _: json.dumps({"maxResults": 100}).encode()),
}


def measure(kind: str) -> dict[str, float]:
    """Return what part of a call of ``kind`` each step takes, the rest as ``between them``.

    The profiler charges calls of Python more than work in C: the shares rank.
    """
    desk = Desk()
    desk.fill(1_000)
    path, body_of = BODIES[kind]
    bodies = [body_of(number) for number in range(CALLS)]
    profile = cProfile.Profile()
    with profile:
        for body in bodies:
            desk.post(path, body)
    took: dict[tuple[str, str], float] = {}
    stats = pstats.Stats(profile).stats  # type: ignore[attr-defined]  # absent from the stubs
    for (file, _, name), (_, _, _, cumulative, _) in stats.items():
        key = (file.rsplit("/", 1)[-1], name)
        took[key] = took.get(key, 0.0) + cumulative
    whole = took["desk.py", "_serve"]
    found = {
        step: sum(took.get(each, 0.0) for each in functions) / whole
        for step, functions in STEPS.items()
    }
    return found | {"between them": 1 - sum(found.values())}


def lines() -> list[str]:
    """Return the shares as lines."""
    kinds = {kind: measure(kind) for kind in BODIES}
    rows = [f"{'share of a call, in process':<36}" + "".join(f"{kind:>10}" for kind in kinds)]
    for step in (*STEPS, "between them"):
        cells = "".join(f"{shares[step]:>10.0%}" for shares in kinds.values())
        rows.append(f"{step:<36}{cells}")
    return rows


if __name__ == "__main__":
    sys.stdout.write("\n".join(lines()) + "\n")
