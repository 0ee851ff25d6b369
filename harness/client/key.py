"""Print a new key for the store: ``python -m adsmock.harness.client.key``.

Separate from ``encryption``, which the package imports: Python warns when such a module is run.
"""

from __future__ import annotations

import sys

from .encryption import new_key
from .errors import StoreError

USAGE = 2


def main() -> int:
    """Print a key and return 0, or print why there is none and return 2."""
    try:
        sys.stdout.write(new_key() + "\n")
    except StoreError as error:
        sys.stderr.write(f"{error}\n")
        return USAGE
    return 0


if __name__ == "__main__":
    sys.exit(main())
