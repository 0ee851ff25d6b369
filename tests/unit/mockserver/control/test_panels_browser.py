"""The parts of the dashboard that change a sandbox, in a real browser."""

from tests.browser.axe.check import serious
from tests.browser.chromium import IN_BROWSER
from tests.unit.mockserver.control.test_page_browser import click, fill, served, show, until
from tests.unit.mockserver.control.test_time import export
from tests.unit.mockserver.fixtures import campaign

pytestmark = IN_BROWSER

__all__ = ["served"]


def open_panel(browser, address, panel, until_true):
    show(browser, f"{address}#sandbox=t1&panel={panel}", until_true=until_true)


def text_of(selector):
    return f"document.querySelector('{selector}').textContent"


def test_a_rule_is_added_corrected_edited_and_deleted(browser, served):
    control, address = served
    control.do("faults.clear")
    open_panel(browser, address, "faults", f"{text_of('#rules')} === 'No fault is planned.'")
    click(browser, "#add-rule")
    until(browser, "!document.getElementById('rule-form').hidden")
    assert serious(browser) == []
    fill(browser, "#rule-id", "slow")
    browser.run(
        "document.getElementById('rule-kind').value = 'latency'; "
        "document.getElementById('rule-kind').dispatchEvent(new Event('change'))"
    )
    fill(browser, "#field-effect-latencyMs", "250")
    fill(browser, "#field-match-operation", "sp.campain.list")
    click(browser, "#save-rule")
    until(browser, f"{text_of('#rule-form [role=alert]')}.includes('no operation matches')")
    assert browser.run("document.activeElement.id") == "field-match-operation"
    fill(browser, "#field-match-operation", "sp.campaigns.list, sp.adGroups.*")
    fill(browser, "#field-when-probability", "0.5")
    click(browser, "#save-rule")
    until(browser, f"{text_of('#rules')}.includes('50 % of calls')")
    rule = control.do("faults.get", fault="slow")
    assert rule["match"] == {"operation": ["sp.campaigns.list", "sp.adGroups.*"]}
    assert (rule["effect"]["kind"], rule["effect"]["latencyMs"]) == ("latency", 250)
    click(browser, "[data-rule='edit slow']")
    fill(browser, "#field-when-times", "3")
    click(browser, "#save-rule")
    until(browser, f"{text_of('#rules')}.includes('at most 3 times')")
    assert control.do("faults.get", fault="slow")["match"] == rule["match"]
    click(browser, "[data-rule='delete slow']")
    until(browser, f"{text_of('#rules')} === 'No fault is planned.'")
    assert control.do("faults.list") == {"faults": []}
    assert browser.troubles[1:] == [], "only the refusal may be logged"


def test_a_scenario_is_shown_and_undone(browser, served):
    control, address = served
    before = control.do("throttle.get")["pressure"]
    open_panel(browser, address, "faults", "document.querySelector('#scenario option')")
    fill(browser, "#scenario", "prime-day")
    browser.run("document.querySelector('#scenario').dispatchEvent(new Event('change'))")
    click(browser, "#apply-scenario")
    until(browser, f"{text_of('#applied')}.includes('pending')")
    assert control.sandbox.throttle.load_windows
    click(browser, "#undo-scenarios")
    until(browser, f"{text_of('#applied')} === ''")
    assert not control.sandbox.throttle.load_windows
    assert [row["id"] for row in control.do("faults.list")["faults"]] == ["storm"]
    assert control.do("throttle.get")["pressure"] == before


def test_the_clock_moves_and_the_calendar_follows(browser, served):
    control, address = served
    open_panel(browser, address, "clock", "document.querySelector('.calendar .present')")
    click(browser, "[data-seconds='3600']")
    until(browser, f"{text_of('#clock-now')} === '2026-07-01 13:00:00 UTC'")
    until(browser, f"{text_of('#fired')} !== ''")
    fill(browser, "#clock-time", "2026-07-02T00:00:00Z")
    click(browser, "#set-time")
    until(browser, f"{text_of('#clock-now')} === '2026-07-02 00:00:00 UTC'")
    click(browser, "#clock-scaled")
    pressed = "document.getElementById('clock-scaled').getAttribute('aria-pressed') === 'true'"
    until(browser, pressed)
    clock = control.do("clock.get")
    assert (clock["mode"], clock["rate"]) == ("scaled", 60)
    fill(browser, "#clock-time", "2020-01-01T00:00:00Z")
    click(browser, "#set-time")
    until(browser, "!document.getElementById('notice').hidden")


def test_quotas_have_gauges_with_history_and_costs(browser, served):
    control, address = served
    control.do("throttle.put", {"quotas": {"sp.write": {"rate": 9_000, "burst": 9_000}}})
    control.server.call("/sp/campaigns", {"campaigns": [campaign("large")]})
    open_panel(browser, address, "quotas", "document.querySelectorAll('.gauge canvas').length > 0")
    assert browser.run(text_of(".gauge h3")) == "sp.write, NA"
    until(browser, f"/ of \\d,\\d+, refills \\d,\\d+ a second/.test({text_of('.gauge')})")
    fill(browser, "#cost-filter", "sp.campaigns.list")
    until(
        browser,
        "document.querySelector('[aria-label=Costs] tbody td:nth-child(4)').textContent === '5'",
    )
    fill(browser, "#pressure-share", "25")
    click(browser, "#apply-pressure")
    until(browser, f"{text_of('#panel-quotas')}.includes('NA has 25 % left')")
    assert control.do("throttle.get")["pressure"] == {"NA": 0.25}
    click(browser, "#remove-pressure")
    until(browser, f"{text_of('#panel-quotas')}.includes('No pressure.')")
    assert browser.troubles == []


def test_an_entity_is_found_and_opened_by_its_link(browser, served):
    control, address = served
    control.server.call("/sp/campaigns", {"campaigns": [campaign("Needle")]})
    open_panel(browser, address, "entities", f"{text_of('#entity-count')}.includes('4 entities')")
    fill(browser, "#entity-search", "needle")
    until(browser, f"{text_of('#entity-count')} === '1 to 1 of 1 entity'")
    click(browser, "#panel-entities td a")
    until(browser, f"{text_of('.entity pre')}.includes('Needle')")
    link = browser.run("location.href")
    show(browser, link, until_true=f"{text_of('.entity pre')}.includes('Needle')")
    assert serious(browser) == []


def test_jobs_are_completed_failed_and_expired(browser, served):
    control, address = served
    for _ in range(2):
        export(control)
    open_panel(
        browser, address, "jobs", "document.querySelectorAll('[data-act^=complete]').length > 0"
    )
    running = "document.querySelectorAll('[data-act^=complete]').length"
    before = browser.run(running)
    click(browser, "[data-act^=fail]")
    until(browser, f"{running} === {before - 1}")
    assert any(job["stage"] == "failed" for job in control.do("jobs.list")["jobs"])


def test_a_snapshot_is_restored_after_a_second_press(browser, served):
    control, address = served
    open_panel(browser, address, "snapshots", "document.getElementById('take-snapshot')")
    fill(browser, "#snapshot-name", "before")
    click(browser, "#take-snapshot")
    until(browser, "document.getElementById('restore-before')")
    control.server.call("/sp/campaigns", {"campaigns": [campaign("later")]})
    entities = len(control.do("entities.list")["entities"])
    click(browser, "#restore-before")
    until(browser, f"{text_of('#restore-before')}.includes('lose')")
    assert len(control.do("entities.list")["entities"]) == entities
    click(browser, "#restore-before")
    until(browser, f"{text_of('#panel-snapshots [role=status]')} === 'Restored before.'")
    assert len(control.do("entities.list")["entities"]) == entities - 1


def test_orphans_appear_and_are_cleared(browser, served):
    control, address = served
    control.server.send("GET", "/nobody")
    open_panel(browser, address, "orphans", f"{text_of('.orphans')}.includes('/nobody')")
    click(browser, "#clear-orphans")
    until(browser, f"{text_of('#orphan-count')} === 'No orphan.'")
    assert control.do("orphans.get")["entries"] == []


def report(state, *cases, **more):
    rows = [
        {"case": name, "title": f"The title of {name}", "state": word} | facts
        for name, word, facts in cases
    ]
    began = {"client": "python nightly.py", "started": "2026-07-01T12:00:00Z", "seed": 7}
    return {**began, "profile": "core", "state": state, "cases": rows, **more}


def test_cases_of_a_run_appear_as_they_finish(browser, served):
    control, address = served
    control.do("runs.put", report("ended", verdict="conformant", exitCode=0), run="earlier")
    open_panel(browser, address, "runs", f"{text_of('#run-head')}.includes('exit code 0')")
    begun = [("T02", "waiting", {}), ("T01", "running", {"sandbox": "t1"})]
    control.do(
        "runs.put",
        report("running", *begun, note="round 1/2") | {"started": "2026-07-01T12:30:00Z"},
        run="now",
    )
    until(browser, f"{text_of('#run-done')} === '0 of 2 cases ended, 1 running'")
    assert "round 1/2" in browser.run(text_of("#run-head"))
    assert browser.run("document.querySelector('#run-list a').hash") == "#sandbox=t1&panel=journal"
    failed = {"status": "FAIL", "sentence": "2 retries came too early"}
    ends = [("T02", "ended", {"status": "PASS"}), ("T01", "ended", failed)]
    control.do(
        "runs.put",
        report("ended", *ends, verdict="non-conformant", exitCode=1)
        | {"started": "2026-07-01T12:30:00Z"},
        run="now",
    )
    until(browser, f"{text_of('#run-done')} === '2 of 2 cases ended'")
    first = browser.run(text_of("#run-list tbody tr"))
    assert first == "T01 The title of T01FAIL2 retries came too early"
    assert "non-conformant, exit code 1" in browser.run(text_of("#run-head"))
    browser.run("document.getElementById('run-cases').value = 'open'")
    browser.run("document.getElementById('run-cases').dispatchEvent(new Event('input'))")
    until(browser, "document.querySelectorAll('#run-list tbody tr').length === 1")
    assert serious(browser) == []
    fill(browser, "#run", "earlier")
    until(browser, f"{text_of('#run-head')}.includes('exit code 0')")
    assert browser.troubles == []
