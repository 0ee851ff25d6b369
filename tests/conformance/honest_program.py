"""A correct program with habits that are switched on by name, for the drivers of programs.

``python tests/conformance/honest_program.py [--adapter] [HABIT ...]`` does the tasks of a task file
(for ``--cmd``), or answers requests line by line (for ``--adapter``). A habit is the name of a
compliant variant; several must not conflict.
"""

import json
import os
import sys
from functools import partial
from pathlib import Path

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


def main(words: list[str]) -> None:
    """Be the program."""
    habits = [word for word in words if word != "--adapter"]
    factory = (
        combined(JOIN.join(f"benign:{one}" for one in habits)).factory if habits else AdsClient
    )
    if "--adapter" in words:
        Adapter(sys.stdout, factory).serve(sys.stdin)
        return
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
