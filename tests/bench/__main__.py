"""``python -m tests.bench``: the same as ``make bench``."""

from tests.bench.bench import main

if __name__ == "__main__":
    raise SystemExit(main())
