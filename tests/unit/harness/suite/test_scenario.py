"""A case on stage, against a control plane that only remembers."""

import pytest

from adsmock.harness.suite import case_setup
from adsmock.harness.suite.case import CaseError, load, parse
from adsmock.harness.suite.control import PlaneError
from adsmock.harness.suite.journal import Ending
from tests.unit.harness.suite.journal_rows import PROFILES
from tests.unit.harness.suite.test_case import SMALL


class Plane:
    """Answers like a control plane and writes down what was asked, in order."""

    def __init__(self, taken=()):
        self.asked = []
        self.taken = set(taken)
        self.entities = {}
        self.rows = []

    def create_sandbox(self, document):
        if document["id"] in self.taken:
            raise PlaneError(409, "exists")
        self.asked.append(("create", dict(document)))
        bases = {name: {"ads": "http://a", "lwa": "http://l"} for name in ("NA", "EU", "FE")}
        return {
            "id": document["id"],
            "client": {"clientId": "c", "clientSecret": "s", "refreshToken": "r"},
            "profiles": [row | {"currencyCode": "USD"} for row in PROFILES],
            "urls": bases,
        }

    def add_state(self, _sandbox, profiles):
        self.asked.append(("state", profiles))
        for profile, resources in profiles.items():
            for resource, entities in resources.items():
                self.entities.setdefault(profile, {}).setdefault(resource, []).extend(entities)

    def state(self, _sandbox):
        return {p: {r: list(e) for r, e in rows.items()} for p, rows in self.entities.items()}

    def set_versions(self, _sandbox, families):
        self.asked.append(("versions", families))

    def add_fault(self, _sandbox, rule):
        self.asked.append(("fault", rule))

    def faults(self, _sandbox):
        return [{"id": rule["id"], "met": 2} for word, rule in self.asked if word == "fault"]

    def now(self, _sandbox):
        return 42.0

    def journal(self, _sandbox):
        return self.rows, 3


def prepare(case, plane=None, seed=7, clock="frozen"):
    return case_setup.prepare(plane or Plane(), load()[case], "reference-7", seed, clock)


def test_references_become_the_ids_of_seeded_entities():
    plane = Plane()
    stage = prepare("E02", plane)

    campaign = plane.entities["11"]["sp.campaigns"][0]["campaignId"]
    group = plane.entities["11"]["sp.adGroups"][0]
    assert group["campaignId"] == campaign
    sent = [task["args"]["items"][0] for task in stage.task["tasks"] if "items" in task["args"]]
    assert sent[2]["campaignId"] == campaign
    assert sent[2]["adGroupId"] == group["adGroupId"]
    assert {task["args"]["profile"] for task in stage.task["tasks"]} == {"11"}


def test_seeded_ids_repeat_with_the_seed_and_change_with_it():
    def ids(seed):
        plane = Plane()
        prepare("P01", plane, seed)
        return [one["campaignId"] for one in plane.entities["11"]["sp.campaigns"]]

    assert ids(7) == ids(7)
    assert len(set(ids(7))) == 53
    assert not set(ids(7)) & set(ids(8))
    assert {len(one) for one in ids(7)} == {15}


def test_faults_come_last_so_that_their_windows_begin_with_the_client():
    plane = Plane()
    prepare("E02", plane)

    words = [word for word, _ in plane.asked]
    assert words == ["create", "state", *["fault"] * 10]


def test_version_dates_are_put_on_the_calendar():
    plane = Plane()
    prepare("V01", plane)

    assert ("versions", {"sp": {"shutOff": "2026-08-01"}}) in plane.asked


def test_sandbox_gets_full_journal_frozen_clock_and_ample_quotas():
    plane = Plane()
    prepare("T01", plane)

    _, document = plane.asked[0]
    assert document["journal"] == "full"
    assert document["clock"] == {"mode": "frozen", "start": "2026-07-01T12:00:00Z"}
    assert min(quota["rate"] for quota in document["quotas"].values()) >= 1000


def test_taken_sandbox_name_gets_a_number():
    stage = prepare("T01", Plane(taken={"reference-7-t01", "reference-7-t01-2"}))

    assert stage.sandbox == "reference-7-t01-3"


def test_reference_to_nothing_is_an_error_of_the_case():
    case = parse(SMALL.replace('"p"', '{ "$id" = "nobody" }'), "Z01.toml")

    with pytest.raises(CaseError, match="nobody"):
        case_setup.prepare(Plane(), case, "r", 7, "frozen")


def test_record_has_what_was_created_and_not_what_existed():
    plane = Plane()
    stage = prepare("P01", plane)
    new = {"campaignId": "1", "name": "new"}
    plane.entities["11"]["sp.campaigns"].append(new)
    plane.rows = [{"seq": 1}]

    record = case_setup.collect(plane, stage, Ending(exit_code=0))

    assert record.created == {"11": {"sp.campaigns": [new]}}
    assert (record.entries, record.dropped) == (1, 3)


class LatePlane(Plane):
    """Shows a call in progress until the journal has been read ``looks`` times."""

    looks = 2

    def journal(self, _sandbox):
        self.looks -= 1
        return [{"seq": 1, "ended": "open" if self.looks > 0 else "client-closed"}], 0


@pytest.mark.parametrize(
    ("ending", "ended"), [(Ending(exit_code=-15), "client-closed"), (Ending(), "open")]
)
def test_journal_of_a_program_that_is_over_has_no_call_in_progress(ending, ended):
    plane = LatePlane()
    record = case_setup.collect(plane, prepare("N05", plane, clock="real"), ending)

    assert [row["ended"] for row in record.rows] == [ended]


def test_record_has_how_often_each_fault_was_triggered():
    plane = Plane()
    record = case_setup.collect(plane, prepare("T01", plane), Ending())

    assert {fault.id: fault.met for fault in record.faults} == {
        "wait-3": 2,
        "wait-10": 2,
        "wait-25": 2,
    }


@pytest.mark.parametrize(("clock", "timebase"), [("frozen", "sandbox"), ("real", "monotonic")])
def test_timebase_follows_the_clock(clock, timebase):
    plane = Plane()

    assert (
        case_setup.collect(plane, prepare("T01", plane, clock=clock), Ending()).timebase == timebase
    )
