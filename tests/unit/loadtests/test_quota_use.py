"""The use of a quota is what its bucket counts, and its ceiling what others leave."""

from adsmock.loadtests.counters import Counters
from adsmock.loadtests.injected import Injected
from adsmock.loadtests.quota_use import quota_use
from adsmock.mockserver.core.load_window import LoadWindow


def use(windows=(), quotas=None, width=2, steps=5):
    counters = Counters()
    counters.called(0, "NA", "sp.campaigns.list", 200, 1.0)
    counters.called(1, "NA", "sp.campaigns.list", 429, 1.0)
    counters.called(4, "NA", "reporting.create", 200, 1.0)
    counters.called(9, "NA", "unknown path", 404, 1.0)
    planned = Injected((), tuple(windows))
    return quota_use(counters, quotas or {}, planned, width=width, steps=steps)


def test_outcomes_are_rates_by_class_and_unknown_calls_belong_to_none():
    found = use()
    assert list(found) == ["NA"]
    assert list(found["NA"]) == ["reporting.create", "sp.read"]
    assert found["NA"]["sp.read"]["accepted"] == [0.5, 0, 0, 0, 0]
    assert found["NA"]["sp.read"]["throttled"] == [0.5, 0, 0, 0, 0]


def test_the_ceiling_is_the_stated_rate_or_the_one_of_the_contract():
    stated = use(quotas={"sp.read": {"rate": 6.0, "burst": 12.0}})["NA"]
    assert stated["sp.read"]["ceiling"] == [6.0] * 5
    assert use()["NA"]["reporting.create"]["ceiling"] == [1.0] * 5


def test_the_ceiling_falls_while_others_use_a_part():
    found = use([LoadWindow("NA", 2.0, 6.0, 0.5), LoadWindow("EU", 0.0, 10.0, 0.1)])["NA"]
    assert [each / found["sp.read"]["ceiling"][0] for each in found["sp.read"]["ceiling"]] == [
        *(1, 0.5, 0.5, 1, 1)
    ]


def test_reports_have_a_lower_ceiling_while_others_fill_the_queue():
    found = use([LoadWindow("NA", 4.0, 10.0, 1.0, waiting=240)])["NA"]
    assert found["reporting.create"]["ceiling"] == [1.0, 1.0, 0.25, 0.25, 0.25]
