"""Which case accounts for which work of a round, and which work is not compared."""

import pytest

from adsmock.harness.suite.case import load
from adsmock.harness.suite.free_run.placement import Placed, Round, alone, plan
from adsmock.harness.suite.free_run.traffic import Slot
from adsmock.harness.suite.free_run.work_by_case import work_by_case
from adsmock.harness.suite.journal import Work
from tests.unit.harness.suite.free_run.traffic_samples import everything

TRAFFIC = everything()


def piece(operation, profile="NA.US", kind="changed"):
    return Work(kind, operation, profile, "", 5, None, 4)


def placed_profile(round_, name):
    return next(one.slots[0].profile for one in round_.placed if one.case.id == name)


def test_work_belongs_to_the_case_that_uses_its_calls():
    (round_,) = plan([load()["B03"], load()["E05"]], TRAFFIC)
    mine = piece("sp.campaigns.create", placed_profile(round_, "B03"), "created")
    read = piece("sp.campaigns.list", placed_profile(round_, "E05"), "read")

    assert work_by_case(round_, [mine, read]) == {"B03": (mine,), "E05": (read,)}


def test_work_that_no_case_uses_belongs_to_the_first():
    (round_,) = plan([load()["B03"], load()["E05"]], TRAFFIC)
    fetched = piece("storage.get", "", "fetched")

    assert work_by_case(round_, [fetched])[round_.placed[0].case.id] == (fetched,)


def placed(name, operation, profile="EU.UK"):
    slot = Slot(operation, profile, "1", "EU", "", 1)
    return Placed(load()[name], (), (slot,), 0.0)


@pytest.mark.parametrize(
    ("operation", "kind", "owner"),
    [
        ("sp.keywords.create", "created", "E07"),  # the ad group that the keywords need
        ("sp.keywords.update", "changed", "E07"),
        ("sp.adGroups.create", "created", "E07"),
        ("sp.campaigns.create", "created", "B03"),
        ("sp.keywords.list", "read", "T08"),
        (
            "sd.keywords.create",
            "created",
            "T01",
        ),
    ],
)
def test_lost_children_belong_to_the_case_that_disturbed_their_parent(operation, kind, owner):
    cases = [
        placed("C03", "sp.adGroups.create", "NA.US"),
        placed("T01", "sp.campaigns.list"),
        placed("T08", "sp.keywords.list"),
        placed("B03", "sp.campaigns.create"),
        placed("E07", "sp.adGroups.create"),
    ]
    lost = piece(operation, "EU.UK", kind)

    assert work_by_case(Round(cases), [lost])[owner] == (lost,)


@pytest.mark.parametrize("name", ["P03", "V04"])
@pytest.mark.parametrize("place", [plan, alone])
def test_what_follows_from_edited_data_is_not_compared(name, place):
    case = load()[name]
    round_ = plan([case], TRAFFIC)[0] if place is plan else alone(case, TRAFFIC)
    profile = placed_profile(round_, name)
    (operation,) = round_.placed[0].faults[0].match["operation"]
    changed, read = piece("sp.keywords.update", profile), piece(operation, profile, "read")
    elsewhere = piece("sp.keywords.update", "FE.JP" if profile != "FE.JP" else "NA.US")

    assert work_by_case(round_, [changed, read, elsewhere])[name] == (read, elsewhere)


def test_what_follows_from_a_refused_list_is_compared():
    round_ = plan([load()["P02"]], TRAFFIC)[0]
    changed = piece("sp.keywords.update", placed_profile(round_, "P02"))

    assert work_by_case(round_, [changed])["P02"] == (changed,)
