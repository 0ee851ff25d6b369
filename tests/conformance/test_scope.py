"""A client with campaigns in one region only: what its manifest explains is never unproven."""

from dataclasses import replace

import pytest
from msgspec import structs

from adsmock.harness.client.client import AdsClient
from adsmock.harness.suite import runner
from adsmock.harness.suite.case import load
from adsmock.harness.suite.drivers import LibraryDriver
from adsmock.harness.suite.journal import Ending, RunRecord
from adsmock.harness.suite.judge import judge_run
from adsmock.harness.suite.manifest import declared
from adsmock.harness.suite.scope import needs_of

pytestmark = pytest.mark.one_python

VALUES = {
    "name": "campaigns-only",
    "regions": ["NA"],
    "resources": ["sp.campaigns"],
    "report_types": [],
    "verbs": [
        *("list_profiles", "list", "get", "create", "update", "modify", "archive"),
        *("steady", "idle"),
    ],
}


class CampaignsOnly(LibraryDriver):
    """The reference client, which answers ``unsupported`` to every other task, as an adapter."""

    def play(self, setup, plane):
        says = declared(VALUES)
        kept = [
            number
            for number, task in enumerate(setup.case.tasks)
            if not any(says.excludes(*need) for need in needs_of(task))
        ]
        tasks = setup.task["tasks"]
        if not kept:
            return Ending()
        task = setup.task | {"tasks": [tasks[number] for number in kept]}
        ending = super().play(replace(setup, task=task), plane)
        done = {kept[one["task"]]: one | {"task": kept[one["task"]]} for one in ending.claims}
        rest = (
            {"task": number, "verb": task["verb"], "status": "unsupported"}
            for number, task in enumerate(tasks)
        )
        claims = tuple(done.get(one["task"], one) for one in rest)
        return structs.replace(ending, claims=claims)


@pytest.mark.slow
def test_campaigns_only_client_in_one_region_has_no_unproven_check(control):
    cases = tuple(load().values())
    driver = CampaignsOnly("command", "campaigns-only", AdsClient)
    found = runner.run(driver, runner.Selection(cases, "full"), 7, control)
    meta = structs.replace(found.meta, manifest={"file": "m", "values": VALUES, "lines": {}})
    verdicts = [
        one
        for case in judge_run(RunRecord(meta, found.cases), load()).cases
        for one in case.verdicts
    ]
    problems = [
        f"{one.check} {one.status}: {one.sentence}"
        for one in verdicts
        if one.status not in {"PASS", "N/A", "INFO"}
    ]

    assert problems == []
    assert sum(one.status == "PASS" for one in verdicts) > 100
