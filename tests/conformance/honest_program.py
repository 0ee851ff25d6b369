"""A correct program with habits that are switched on by name, for the drivers of programs.

``python tests/conformance/honest_program.py [--adapter | --free] [HABIT ...]`` does the tasks of a
task file (for ``--cmd``), answers requests line by line (for ``--adapter``), or does its own work
(for ``--free``). A habit is the name of a compliant variant; several must not conflict.
"""

import json
import os
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from adsmock.harness.client import task
from adsmock.harness.client.adapter import Adapter
from adsmock.harness.client.client import AdsClient
from adsmock.harness.client.clock import SystemClock
from adsmock.harness.client.encryption import KEY_VARIABLE
from adsmock.harness.client.extensions import Extensions
from adsmock.harness.client.random_source import SeededRandom
from adsmock.harness.client.store import SqliteStore
from adsmock.harness.combination import JOIN, combined

KEY = "aG9uZXN0LXByb2dyYW0taG9uZXN0LXByb2dyYW0tMDE="
"""The key of the program's store, which outlives one process of a case with a restart."""


NAMES = tuple(f"Honest {number}" for number in range(1, 5))
REGIONS = {"NA": "US", "EU": "UK", "FE": "JP"}
"""The country of the first profile in each region."""


def own_work() -> dict[str, Any]:
    """Return the work of a nightly program, with the sandbox that the environment names."""
    here = {region: os.environ[f"PROFILE_ID_{region}"] for region in REGIONS}
    work: list[dict[str, Any]] = [{"verb": "list_profiles", "args": {}}]
    for region in ("NA", "EU"):
        place = {"resource": "sp.campaigns", "profile": here[region]}
        mine = {"nameFilter": {"queryTermMatchType": "BROAD_MATCH", "include": ["Honest"]}}
        work += [
            {"verb": "list", "args": place | {"pageSize": 100}},
            {"verb": "create", "args": place | {"items": [campaign(name) for name in NAMES]}},
            {"verb": "modify", "args": place | {"filter": mine, "set": {"state": "PAUSED"}}},
        ]
    work.append({"verb": "list", "args": {"resource": "sp.keywords", "profile": here["FE"]}})
    work.append({"verb": "export", "args": {"kind": "campaigns", "profile": here["NA"]}})
    return {
        "case": "FREE",
        "seed": 7,
        "tasks": work,
        "regions": {
            region: {"ads": os.environ[f"ADS_{region}"], "lwa": os.environ[f"LWA_{region}"]}
            for region in REGIONS
        },
        "profiles": [
            {"profileId": profile, "region": region, "countryCode": REGIONS[region]}
            for region, profile in here.items()
        ],
        "credentials": {
            "clientId": os.environ["CLIENT_ID"],
            "clientSecret": os.environ["CLIENT_SECRET"],
            "refreshToken": os.environ["REFRESH_TOKEN"],
        },
    }


def campaign(name: str) -> dict[str, Any]:
    """Return a new campaign, valid in each currency."""
    budget = {"budget": 20.0, "budgetType": "DAILY"}
    return {"name": name, "targetingType": "MANUAL", "state": "ENABLED", "budget": budget}


def work_freely(factory: Callable[..., AdsClient]) -> int:
    """Do the work of the program; return 0 when all is done, as a free run expects."""
    clock = SystemClock()
    random_source = SeededRandom.from_entropy()
    results = task.run(own_work(), clock, clock, random_source, client_factory=factory)
    for result in results:
        sys.stdout.write(f"{result.row()}\n")
    return 0 if all(result.status == "done" for result in results) else 1


def main(words: list[str]) -> None:
    """Be the program."""
    habits = [word for word in words if not word.startswith("--")]
    factory = (
        combined(JOIN.join(f"benign:{one}" for one in habits)).factory if habits else AdsClient
    )
    if "--adapter" in words:
        Adapter(sys.stdout, factory).serve(sys.stdin)
        return
    if "--free" in words:
        sys.exit(work_freely(factory))
    os.environ[KEY_VARIABLE] = KEY
    store = SqliteStore(Path(os.environ["ADSMOCK_STATE"]) / "client.db")
    document = json.loads(Path(os.environ["ADSMOCK_TASK"]).read_text("utf-8"))
    clock = SystemClock()
    task.run(
        document,
        clock,
        clock,
        SeededRandom.from_entropy(),
        client_factory=partial(factory, extensions=Extensions(store=store)),
        workers=document.get("workers", 1),
    )


if __name__ == "__main__":
    main(sys.argv[1:])
