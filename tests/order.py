"""The order of tests in several processes: files with slow tests start first, in half of them.

pytest-xdist gives each worker one slice of the tests. A slow test at the end of a slice keeps one
worker busy when the others have finished. Slow tests wait half of their time, so that the other
half of the workers runs quick ones meanwhile.
"""


def slow_first(items, workers):
    """Return the tests with those of slow files at the start of the slices of half the workers.

    Tests of one file stay together: they share fixtures.
    """
    busy = workers // 2
    if not busy:
        return items
    files = {item.path for item in items if item.get_closest_marker("slow")}
    slow = [item for item in items if item.path in files]
    quick = [item for item in items if item.path not in files]
    ordered = []
    for worker in range(busy):
        size = (worker + 1) * len(items) // workers - worker * len(items) // workers
        share = slow[worker * len(slow) // busy : (worker + 1) * len(slow) // busy]
        filler = max(0, size - len(share))
        ordered += share + quick[:filler]
        del quick[:filler]
    return ordered + quick
