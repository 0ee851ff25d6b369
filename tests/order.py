"""The order of tests in several processes: slow ones start first, the longest before the others.

pytest-xdist gives each worker one slice of the tests. A slow test at the end of a slice keeps one
worker busy when the others have finished. Slow tests mostly wait, so two thirds of the workers
start with them, while the others run quick ones.
"""


def slow_first(items, workers):
    """Return the tests with the slow ones at the start of the slices of two thirds of the workers.

    ``@pytest.mark.slow(60)`` says that a test takes about so many seconds. The tests of one file
    stay together in a slice: they share fixtures.
    """
    busy = workers * 2 // 3
    if not busy:
        return items
    slow = sorted(filter(_seconds, items), key=_seconds, reverse=True)
    quick = [item for item in items if not _seconds(item)]
    ordered = []
    for worker in range(busy):
        size = (worker + 1) * len(items) // workers - worker * len(items) // workers
        share = slow[worker::busy]
        filler = max(0, size - len(share))
        ordered += share + quick[:filler]
        del quick[:filler]
    return ordered + quick


def _seconds(item):
    """Return how long a test takes, 0 for a quick one, 5 for a slow one that does not say it."""
    marker = item.get_closest_marker("slow")
    return next(iter(marker.args), 5) if marker else 0
