"""Install public clients of Amazon Ads by name, and run each unmodified against the mock."""

import sys
from pathlib import Path

from tests.clients.clients import CLIENTS
from tests.clients.runner import Outcome, install, run

FOLDER = Path(".clients")


def main(names: list[str]) -> int:
    """Return 1 if a client failed, 2 for an unknown name; print a line for each flow."""
    unknown = sorted(set(names) - {each.name for each in CLIENTS})
    if unknown:
        known = ", ".join(each.name for each in CLIENTS)
        sys.stderr.write(f"unknown client {unknown[0]}: choose among {known}\n")
        return 2
    outcomes = []
    for client in CLIENTS:
        if not names or client.name in names:
            reason = install(client, FOLDER / client.name)
            found = run(client, FOLDER / client.name) if reason is None else Outcome(reason=reason)
            outcomes.append(found)
            sys.stdout.write(found.text(client.name))
    not_run = sum(each.reason is not None for each in outcomes)
    failed = sum(each.error is not None for each in outcomes)
    passed = len(outcomes) - not_run - failed
    sys.stdout.write(f"{passed} clients passed, {failed} failed, {not_run} were NOT RUN\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
