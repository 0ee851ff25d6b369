import json
from dataclasses import replace
from html.parser import HTMLParser
from importlib.resources import files

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adsmock.charts.assets import script
from adsmock.loadtests.figures import charts
from adsmock.loadtests.injected import FaultSpan, Injected
from adsmock.loadtests.page import render
from adsmock.loadtests.reconciliation import Reconciliation
from adsmock.loadtests.report import cases, closing, opening, progress
from adsmock.loadtests.series import series
from adsmock.loadtests.shape import shapes
from tests.unit.loadtests.event import event
from tests.unit.loadtests.outcome import SETTINGS, judged, outcome, report

VOID = {"meta", "link", "br"}
DATA = '<script type="application/json" id="charts">'


class Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.ids, self.addresses, self.text = [], [], [], []

    def handle_starttag(self, tag, attributes):
        self.ids += [value for name, value in attributes if name == "id"]
        self.addresses += [value for name, value in attributes if name in {"src", "href"}]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)


def read(page):
    reader = Reader()
    reader.feed(page)
    assert reader.open == []
    return reader


def schema():
    text = (
        files("adsmock.contracts").joinpath("meta", "load.schema.json").read_text(encoding="utf-8")
    )
    return jsonschema_rs.validator_for(json.loads(text))


def test_record_fits_its_published_schema(tmp_path):
    seen = outcome(accepted=100, throttled=300, failed=9, done=1)
    for shown in (report(outcome()), report(seen), report(seen, judged=judged()), event()):
        shown.write(tmp_path / "run.json")
        document = json.loads((tmp_path / "run.json").read_text())
        schema().validate(document)
        assert document["verdict"]["exit"] in {0, 1, 3}


def test_page_says_the_verdict_and_the_limit_and_shows_every_part():
    seen = outcome(accepted=990, throttled=400)
    reader = read(render(report(seen)))
    text = " ".join(" ".join(reader.text).split())
    for part in (
        "Thresholds missed",
        "The integration was the limit",
        "North America: calls",
        "Response times of accepted calls",
        "Waiting work",
        "throttled_share",
        "sp.keywords.update",
        "bid optimizer",
    ):
        assert part in text
    assert len(set(reader.ids)) == len(reader.ids)


def test_page_and_words_tell_what_the_suite_found_on_the_same_run():
    shown = report(outcome(), judged=judged())
    page = render(shown)
    assert read(page).addresses[-1] == "conformance/report.html"
    words = "\n".join(closing(shown))
    for row in cases(shown):
        for check in row["checks"]:
            assert check["status"] == "UNPROVEN"
            assert f"{check['status']:12}  {check['id']:12} {check['sentence']}" in words
            assert f"<td>{check['id']}</td>" in page
    assert shown.status == report(outcome()).status


def test_page_asks_for_nothing_from_anywhere():
    page = render(report(outcome()))
    assert all(address.startswith("#") for address in read(page).addresses)
    assert "url(" not in page.replace(script(), "")
    assert page.count("<script") == 2
    assert "default-src &#39;none&#39;" in page
    assert " style=" not in page.replace(script(), "")


def test_page_escapes_what_a_mock_may_say():
    seen = outcome()
    seen.counters.called(1, "NA", "</script><script>alert(1)</script>", 200, 1.0)
    assert render(report(seen)).count("<script") == 2


def test_thresholds_and_totals_come_before_the_charts():
    page = render(event())
    places = [page.index(part) for part in ('class="totals"', 'id="thresholds"', 'id="load-na"')]
    assert places == sorted(places)
    shown = " ".join(" ".join(read(page).text).split())
    assert "calls 1,455 the work needs" in shown
    assert "throttled 352 24.2% of all" in shown
    assert "work items waiting 40 at the end" in shown


def test_the_record_has_the_numbers_of_the_page(tmp_path):
    found = event()
    found.write(tmp_path / "run.json")
    course = json.loads((tmp_path / "run.json").read_text())["series"]
    drawn = json.loads(render(found).partition(DATA)[2].partition("</script>")[0])
    charts = {chart["id"]: chart for chart in drawn}
    for region, classes in course["quotas"].items():
        views = {view["name"]: view for view in charts[f"quota-{region.lower()}"]["views"]}
        for name, curves in classes.items():
            for line in views[name]["lines"]:
                assert line["values"] == [round(value, 3) for value in curves[line["name"]]]
    assert charts["times"]["views"][0]["lines"][2]["values"] == course["p99"]


def test_offered_is_what_was_accepted_throttled_and_failed():
    course = report(outcome(accepted=100, throttled=30, failed=10)).series
    for lines in course.regions.values():
        for place, offered in enumerate(lines["offered"]):
            parts = sum(lines[name][place] for name in ("accepted", "throttled", "failed"))
            assert offered == parts
    assert sum(course.regions["NA"]["offered"]) == 70
    assert course.regions["NA"]["waiting"][30] == 30


def test_report_in_words_shows_outcomes_the_limit_and_every_threshold():
    seen = outcome(accepted=90, throttled=9, failed=1)
    text = "\n".join(closing(report(seen)))
    for part in (
        "100 calls in 60 s: 90.0% accepted, 9.0% throttled, 1.0% failed; the work needs 60",
        "bid optimizer: 600 work items arrived, 590 done, 0 given up, 10 wait",
        "600 acknowledged writes checked in the store: 0 lost, 0 doubled",
        "generator 20% of a core; mock 10% of a core, largest loop delay 10 ms",
        "No limit was reached: the due work was done. Nearest",
        "Nearest limit: the quotas: they refused 9 calls, 9.0%",
        "10 work items waited at the end, some to share a call; no write is overdue (the backlog)",
    ):
        assert part in text
    assert "MISSED" not in text
    assert text.endswith("within the thresholds")


def test_what_is_named_was_the_limit_only_where_work_was_left():
    late = [{"cpu": 0.2, "late": 1.6, "seen": 60.0}]
    near = report(outcome(accepted=100, processes=late))
    assert near.statement.startswith("No limit was reached")
    assert "Nearest limit: the machine: the generator was late by 1.6 s" in near.statement
    assert "Nearest limit: the machine" in render(near)
    left = report(outcome(accepted=40, done=300, processes=late))
    assert left.statement.startswith("The machine was the limit")
    assert report(outcome(accepted=100)).statement == (
        "No limit was reached: 590 of 600 work items were done; 10 of them waited at the end"
    )


calls = st.fixed_dictionaries(
    {
        "accepted": st.integers(0, 300),
        "throttled": st.integers(0, 300),
        "done": st.integers(0, 600),
        "reconciliation": st.integers(0, 5).map(lambda lost: Reconciliation(lost, 0, 600)),
    }
)
own_work = st.sampled_from([{}, {"audited": 50, "died": 0}])


@given(calls, st.integers(0, 40), own_work)
def test_no_sentence_of_a_report_disagrees_with_its_numbers(made, exported, own):
    seen, done = outcome(**made, **own), made["done"]
    seen.counters.add("work", "exporter", "arrived", times=40)
    seen.counters.add("came", 5, "exporter", times=40)
    seen.counters.add("work", "exporter", "done", times=exported)
    found = report(seen)
    text = "\n".join(closing(found))
    missed = [each for each in found.findings if not each.holds]
    assert ("NOT within" in text) == (found.status == "missed")
    assert ("MISSED" in text) == bool(missed)
    if found.status == "within":
        assert not missed
    if "the due work was done" in found.statement:
        assert all(
            value >= 0.98 for name, value in found.measures.items() if name.startswith("completed")
        )
    if found.statement.startswith("No limit was reached: "):
        waiting = seen.counters.waiting()
        assert own or f"{done + exported} of 640 work items" in found.statement
        assert own or (f"{waiting} of them waited" in found.statement) == bool(waiting)
    if exported == 0 and not own:
        assert found.status != "within"  # work that arrived and was never done


def test_the_opening_counts_the_users_that_work_or_names_the_program():
    plan = [{"group": "g", "region": "NA", "profiles": 24, "campaigns": 1, "keywords": 1}]
    assert "up to 60 users; prime-day" in next(opening(SETTINGS))
    assert "up to 120 users; prime-day" in next(opening(SETTINGS | {"advertisers": plan}))
    ours = {"behavior_title": "2 copies of `python x.py`", "program": {"kind": "adapter"}}
    first = next(opening(SETTINGS | ours))
    assert first.startswith("2 copies of `python x.py`; prime-day")
    assert "users" not in first


def test_progress_of_a_program_has_no_users():
    row = {"elapsed": 30.0, "users": 120, "accepted": 9, "throttled": 1, "failed": 0, "waiting": 3}
    assert "120 users" in progress(row, shapes()["prime-day"], 60.0)
    assert "users" not in progress(row, shapes()["prime-day"], 60.0, of_program=True)


def test_roles_without_work_are_left_out():
    text = "\n".join(closing(report(outcome())))
    assert "bid optimizer" in text
    assert "campaign builder" not in text


def test_the_page_of_a_program_with_its_own_work_shows_what_it_did_and_no_generator():
    seen = outcome(audited=180, died=0)
    seen.counters.add("did", "writes", times=12)
    seen.counters.called(5, "NA", "storage.get", 200, 3.0)
    ours = {"program": {"kind": "observed"}, "behavior_title": "1 copy of `x`, with its own work"}
    found = replace(report(seen), settings=SETTINGS | ours)
    text, shown = "\n".join([*opening(found.settings), *closing(found)]), render(found)
    needs = "200 API calls and 1 download; the work needs 180 and 1"
    assert needs in text
    assert needs in shown
    assert "the program did 12 written items, 0 reads" in text
    assert "generate load" not in text
    assert "generator" not in text
    assert "Waiting work" not in shown
    assert "Waiting work" in render(report(outcome()))
    assert "<dt>program</dt>" in shown


@pytest.mark.parametrize(("copies", "is_shown"), [(2, True), (1, False)])
def test_copies_that_create_the_same_entities_get_a_hint_to_share_the_work(copies, is_shown):
    seen = outcome(audited=180, died=0)
    seen.counters.add("copy", "started", times=copies)
    seen.counters.add("taken", times=3)
    ours = {"program": {"kind": "observed", "copies": copies}}
    found = replace(report(seen), settings=SETTINGS | ours)

    for text in ("\n".join(closing(found)), render(found)):
        assert ("3 creates got duplicateValueError" in text) == is_shown
        assert ("ADSMOCK_COPY (from 1)" in text) == is_shown


def test_refusals_of_a_program_with_its_own_work_are_the_nearest_limit_within_the_thresholds():
    seen = outcome(accepted=196, throttled=4, audited=180, died=0)
    seen.counters.add("did", "writes", times=12)
    found = report(seen)
    assert found.status == "within"
    assert found.statement == "Nearest limit: the quotas: they refused 4 calls, 2.0%"


def test_faults_of_deliveries_are_no_bands_over_the_calls():
    seen = outcome()
    faults = [FaultSpan(kind, kind, kind, (), 1.0, 9.0) for kind in ("stream-burst", "async-stuck")]
    shape = shapes()["prime-day"]
    drawn = charts(series(seen, shape, injected=Injected(tuple(faults))))
    names = {band.name for chart in drawn for band in chart.bands if band.detail}
    assert names == {"async-stuck"}
