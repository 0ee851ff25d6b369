"""The page of a run in progress: what it serves, to whom, and that it follows the run."""

import json

import pytest
from werkzeug.test import Client

from adsmock.loadtests.counters import Counters
from adsmock.loadtests.live import LivePage, LiveRun
from adsmock.loadtests.plan import RehearsalPlan
from adsmock.loadtests.shape import quotas
from tests.browser.axe.check import serious
from tests.browser.chromium import NEEDS_BROWSER
from tests.unit.loadtests.event import SECONDS, planned

REGIONS = ("NA", "EU", "FE")
PLAN = RehearsalPlan(
    behavior="well-behaved",
    shape="prime-day",
    duration=float(SECONDS),
    users=60,
    seed=1,
    regions={region: {"ads": "", "lwa": ""} for region in REGIONS},
    credentials={},
    targets=(),
    result="",
    is_live=True,
)


@pytest.fixture
def page():
    with LivePage(0) as served:
        yield served


def follow(run, elapsed, calls=(), waiting=3):
    """Let one second pass, in which calls were answered."""
    counters = Counters()
    for region, status in calls:
        counters.called(elapsed - 1, region, "sp.keywords.update", status, 20.0)
    row = {"elapsed": float(elapsed), "waiting": waiting, "counts": counters.drain()["counts"]}
    run.follow(row, Counters(), planned())


def numbers(page):
    return json.loads(Client(page.answer).get("/charts.json", base_url=page.address).data)


def test_a_run_is_counted_from_the_rows_of_its_progress(page):
    run = LiveRun(page, PLAN, quotas(), None)
    follow(run, 1, [("NA", 207), ("NA", 429), ("EU", 207)])
    follow(run, 2, [("NA", 503)])
    found = numbers(page)
    charts = {chart["id"]: chart for chart in found["charts"]}
    assert found["status"] == ("2 of 120 s, lead-up: 4 calls, 1 throttled, 1 failed; 3 items wait.")
    values = {line["name"]: line["values"] for line in charts["load-na"]["views"][0]["lines"]}
    assert values == {"accepted": [1, 0], "throttled": [1, 0], "failed": [0, 1]}
    ceiling = charts["quota-na"]["views"][0]["lines"][-1]
    assert (ceiling["name"], ceiling["values"]) == ("ceiling", [4, 4])


def test_calls_of_a_program_come_from_the_journal(page):
    run, calls = LiveRun(page, PLAN, quotas(), None), Counters()
    for second in range(3):
        calls.called(second, "FE", "sp.keywords.update", 207, 20.0)
        run.follow({"elapsed": second + 1.0, "waiting": 0}, calls, planned())
    assert numbers(page)["status"].startswith("3 of 120 s, lead-up: 3 calls")


def test_the_page_may_run_its_own_scripts_only(page):
    reply = Client(page.answer).get("/", base_url=page.address)
    assert reply.status_code == 200
    assert "connect-src &#39;self&#39;" in reply.text
    assert Client(page.answer).get("/other", base_url=page.address).status_code == 404


def test_another_host_name_gets_nothing(page):
    reply = Client(page.answer).get("/charts.json", base_url="http://ads.example/")
    assert reply.status_code == 403
    assert "use the address that adsmock printed" in reply.text


@pytest.mark.slow
@NEEDS_BROWSER
def test_the_page_follows_the_run_until_it_ends(browser):
    browser.troubles.clear()
    with LivePage(0) as page:
        run = LiveRun(page, PLAN, quotas(), None)
        follow(run, 1, [("NA", 207)])
        browser.ask("Page.navigate", url=page.address)
        browser.wait("document.querySelectorAll('.uplot').length >= 6")
        follow(run, 2, [("NA", 207), ("FE", 429)])  # a new quota: the page loads again
        browser.wait("document.getElementById('quota-fe') !== null")
        follow(run, 60, [("NA", 207)])
        browser.wait("document.getElementById('status').textContent.startsWith('60 of 120 s')")
        assert browser.run("adsmockCharts.figures.get('load-na').plot.scales.x.max") == 60
        assert serious(browser) == []
        assert browser.troubles == []
    browser.wait("document.querySelector('h1').textContent === 'Ended'")
