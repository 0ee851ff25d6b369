"""Where the time of a call goes, in process: the steps of create10 and of list100.

The bare callable parses, looks, stores and joins too; what it does not do lies between both. Why
that is what it is, by the table that this prints:

*create10* is where the mock does most compared with the bare callable, which has a handful of
comparisons and one dictionary there. What can be done once a batch is done so: one pass of a
compiled schema over a body that fits its exact form, one look of each rule at all items, one
numbering, rendering and indexing for all that passed. Counted in one process (CPython 3.11.7,
callgrind and bytecode tracing), ten creates take 1.02 million instructions and 6,300 bytecodes
with parsing the request, the bare callable 0.50 million and 2,980. A third of ours is parsing,
checking and rendering, which no Python is faster at; the rest is spread so thin that no step is
worth more than a few per cent. Against moto server the line below the race says what the bare
callable reaches: half of that is what its own target leaves.

Under load ten creates take 1.4 to 1.5 times what they take alone, because kernel and load
generator share the caches and they touch many times the memory of the bare callable's, which
suffers between hardly and as much, from run to run: its rate moved from 9,900 to 12,900 a second,
ours from 4,650 to 5,040. Huge pages for the heap made no difference; the garbage collector takes
one per cent.

*list100* is the page that was given before, as long as its table is unchanged; *fresh100* is
a page that is not kept, joined from bytes as the bare one's is. The rest is the path:
attribution, token, scope, quota, journal, a signed page token; it weighs less the larger the page
is, and handing 44 KB to a socket costs both the same.

*hello* and *token* have no target: the first is refused with a body in the dialect of the gateway
and written down, the second signs a token that names its sandbox and can be revoked.
"""

from __future__ import annotations

import cProfile
import json
import pstats
import sys
from collections.abc import Callable
from time import process_time

from tests.bench.inprocess import InProcessServer
from tests.bench.load import create_body, page_body

CALLS = 400

STEPS: dict[str, tuple[tuple[str, str], ...]] = {
    "attribute and open the journal": (("pipeline.py", "_arrive"),),
    "find the operation, token, media": (
        ("version.py", "find_operation"),
        ("auth.py", "authenticate"),
        ("version.py", "negotiate"),
    ),
    "parse": (("request_body.py", "parse"),),
    "quota": (("throttle.py", "throttle"),),
    "check against the contract": (("request_body.py", "check"),),
    "look at the whole batch": (("compiled_resource.py", "remaining_checks"),),
    "defaults": (("write.py", "add_defaults"),),
    "number, render, index": (("write.py", "store_all"),),
    "find the page": (("list_by_body.py", "list_from_body"),),
    "write the body": (("dispatch.py", "_body"),),
    "close the journal, count": (("pipeline.py", "_leave"), ("exchange.py", "close")),
}
"""The steps of a call by the functions that are them; no step contains another."""

BODIES: dict[str, tuple[str, Callable[[int], bytes]]] = {
    "create10": ("/sp/campaigns", lambda number: create_body("share", number)),
    "list100": ("/sp/campaigns/list", lambda _: json.dumps({"maxResults": 100}).encode()),
    "fresh100": ("/sp/campaigns/list", page_body),
}


def measure(kind: str) -> dict[str, float]:
    """Return what part of a call of ``kind`` each step takes, the rest as ``between them``.

    The profiler charges calls of Python more than work in C: the shares rank.
    """
    mock = InProcessServer()
    mock.fill(1_000)
    path, body_of = BODIES[kind]
    bodies = [body_of(number) for number in range(CALLS)]
    profile = cProfile.Profile(process_time)
    with profile:
        for body in bodies:
            mock.post(path, body)
    took: dict[tuple[str, str], float] = {}
    stats = pstats.Stats(profile).stats  # type: ignore[attr-defined]  # absent from the stubs
    for (file, _, name), (_, _, _, cumulative, _) in stats.items():
        key = (file.rsplit("/", 1)[-1], name)
        took[key] = took.get(key, 0.0) + cumulative
    whole = took["inprocess.py", "_serve"]
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


def why() -> list[str]:
    """Return what the shares say of the targets, as lines: the words at the head of this file."""
    return (__doc__ or "").strip().splitlines()[2:]


if __name__ == "__main__":
    sys.stdout.write("\n".join(lines()) + "\n")
