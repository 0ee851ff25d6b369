"""``python -m adsmock.harness.client.key`` prints a new key for the store, and nothing else.

Apart from ``vault``, which the package itself imports: Python warns of a module that is run twice.
"""

from __future__ import annotations

import sys

from .encryption import new_key
from .errors import StoreTrouble

USAGE = 2


def main() -> int:
    """Print a key and return 0, or say in one line why there is none."""
    try:
        sys.stdout.write(new_key() + "\n")
    except StoreTrouble as trouble:
        sys.stderr.write(f"{trouble}\n")
        return USAGE
    return 0


if __name__ == "__main__":
    sys.exit(main())
