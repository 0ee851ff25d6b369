"""The traffic of a program that does a little of everything, and records of its passes."""

from dataclasses import replace

from adsmock.harness.suite.free_run.playing import Pass
from adsmock.harness.suite.free_run.traffic import EXPORTS, REPORTS, Slot, Traffic
from adsmock.harness.suite.journal import CaseRecord

PROFILES = {"NA.US": "11", "EU.UK": "22", "FE.JP": "33"}
JOBS = ("exports.campaigns.create", "exports.get", "reporting.create", "reporting.get")


def slot(operation, profile="NA.US", calls=10, path=""):
    region = profile.partition(".")[0]
    tokens = calls - 1 if operation.endswith(".list") else 0
    own = PROFILES.get(profile, "")
    return Slot(operation, profile, own, region, path, calls, tokens=tokens)


def lists(calls=10):
    return tuple(
        slot(f"sp.{resource}.list", profile, calls)
        for resource in ("campaigns", "adGroups", "productAds", "keywords")
        for profile in PROFILES
    )


def everything():
    """Return the traffic of a program that lists, writes, exports and reports in each region."""
    writes = tuple(
        slot(f"sp.{resource}.{verb}", profile, 1)
        for resource, verb in (
            ("campaigns", "create"),
            ("adGroups", "create"),
            ("keywords", "create"),
            ("keywords", "update"),
        )
        for profile in PROFILES
    )
    jobs = tuple(slot(name, calls=1) for name in JOBS)
    files = (slot("storage.get", "", 1, EXPORTS), slot("storage.get", "", 1, REPORTS))
    tokens = (slot("lwa.token", "", 3), slot("profiles.list", "", 3))
    return Traffic((*lists(), *writes, *jobs, *files, *tokens), concurrent=1, has_tree=True)


def updates(items=30):
    """Return the traffic of a program that only changes keywords, in one batch for each profile."""
    writes = tuple(
        replace(slot("sp.keywords.update", profile, 1), items=items) for profile in PROFILES
    )
    return Traffic((*lists(), *writes), concurrent=1, has_tree=False)


def one_list():
    return Traffic((slot("sp.campaigns.list"),), concurrent=1, has_tree=False)


def played(*rows, before=None, after=None, created=None, met=None):
    """Return a pass with these journal rows and states, by profile id and resource."""
    numbered = tuple(row | {"seq": number} for number, row in enumerate(rows, 1))
    record = CaseRecord(
        "round", 1, "monotonic", entries=len(numbered), created=created or {}, rows=numbered
    )
    names = {profile: label for label, profile in PROFILES.items()}
    return Pass(record, before or {}, after or before or {}, names, met or {})
