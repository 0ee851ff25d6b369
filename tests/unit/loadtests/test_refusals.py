"""The tightest quota is named with its region and hour."""

from adsmock.loadtests.counters import Counters
from adsmock.loadtests.refusals import bottleneck
from adsmock.loadtests.shape import shapes

PRIME_DAY = shapes()["prime-day"]


def test_the_class_and_region_with_most_refusals_and_their_busiest_hour():
    counters = Counters()
    for second, region, name, status in (
        *[(18, "NA", "sp.keywords.update", 429)] * 5,
        *[(20, "NA", "sp.campaigns.create", 429)] * 2,
        *[(40, "EU", "sp.campaigns.list", 429)] * 4,
        *[(50, "EU", "sp.campaigns.list", 200)] * 90,
    ):
        counters.called(second, region, name, status, 1.0)
    found = bottleneck(counters, PRIME_DAY, 60.0)
    assert (found.quota, found.region, found.calls) == ("sp.write", "NA", 7)
    assert abs(found.hour - 18 / 60 * 76) < 1.6
    assert found.phase == "opening in NA"
    assert str(found).startswith("sp.write in NA refused most, 7 calls, above all in hour 2")


def test_without_a_refusal_nothing_is_tight():
    counters = Counters()
    counters.called(1, "NA", "sp.keywords.update", 207, 1.0)
    assert bottleneck(counters, PRIME_DAY, 60.0) is None
