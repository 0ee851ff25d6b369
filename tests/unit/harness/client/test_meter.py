"""Every exchange is counted by region, operation, status and quota class, and reported in time."""

from dataclasses import replace
from functools import partial

import pytest

from adsmock.harness.client import AdsClient
from adsmock.harness.client.api import load_api
from adsmock.harness.client.errors import TransportError
from adsmock.harness.client.extensions import Extensions
from adsmock.harness.client.meter import Meter
from adsmock.harness.client.observe import Exchange
from tests.unit.harness.client.fake_service import EU, NA, ClientFixture, campaigns, fill, throttled

QUOTAS = load_api().quotas
RATE = QUOTAS["sp.read"].rate


def metered():
    meter = Meter(QUOTAS)
    return meter, ClientFixture(
        factory=partial(AdsClient, extensions=Extensions(observers=[meter]))
    )


def calls(meter, **wanted):
    rows = [
        (sample.labels, sample.value)
        for family in meter.registry.collect()
        for sample in family.samples
        if sample.name == "adsclient_calls_total"
    ]
    return sum(value for labels, value in rows if wanted.items() <= labels.items())


def test_every_attempt_is_counted_where_it_went():
    meter, fixture = metered()
    fixture.plan("/sp/campaigns/list", throttled(), TransportError("timeout", "silent"))
    fixture.client.list("sp.campaigns", NA)
    fixture.client.create("sp.campaigns", EU, campaigns("a"))
    fixture.client.export("campaigns", NA)
    read = {"operation": "sp.campaigns.list", "quota": "sp.read", "region": "NA"}
    assert [calls(meter, **read, status=status) for status in ("429", "timeout", "200")] == [1] * 3
    assert calls(meter, operation="sp.campaigns.create", region="EU", status="207") == 1
    assert calls(meter, operation="exports.get", quota="exports.get", region="NA") == 2
    assert calls(meter, operation="lwa.token", quota="lwa") == 1
    assert calls(meter, operation="storage.get", quota="") == 1
    assert calls(meter) == len(fixture.service.sent)


def test_observer_that_fails_costs_no_answer_and_is_logged(caplog):
    def fail(usage):
        raise RuntimeError(usage.quota)

    meter = Meter(QUOTAS, fail, threshold=0)
    fixture = ClientFixture(factory=partial(AdsClient, extensions=Extensions(observers=[meter])))
    assert fixture.client.create("sp.campaigns", NA, campaigns("a"))[0].is_done
    assert "observer failed" in caplog.text


def test_weight_counts_what_a_call_costs():
    meter, fixture = metered()
    fill(fixture.service, 1)
    fixture.client.list("sp.campaigns", NA, {"includeExtendedDataFields": True})
    labels = {"operation": "sp.campaigns.list", "region": "NA", "status": "200", "quota": "sp.read"}
    operation = load_api().operations["sp.campaigns.list"]
    assert operation.extended.weight > operation.weight
    weight = meter.registry.get_sample_value("adsclient_weight_total", labels)
    assert weight == operation.extended.weight


def test_exposition_is_what_prometheus_reads():
    meter, fixture = metered()
    fixture.client.list("sp.campaigns", NA)
    text = meter.exposition()
    assert "# TYPE adsclient_calls_total counter" in text
    assert 'adsclient_quota_share{quota="sp.read",region="NA"}' in text


def exchange(at, weight=1, region="NA"):
    return Exchange(region, "sp.campaigns.list", "sp.read", weight, "POST", "200", at, 0.1)


def test_hook_is_called_once_for_each_time_the_threshold_is_reached():
    reported = []
    meter = Meter(QUOTAS, reported.append, threshold=0.5, window=10)
    half = round(RATE * 10 / 2)
    meter.note(exchange(0, half - 1))
    assert reported == []
    meter.note(exchange(1, 1))
    meter.note(exchange(2, 1))
    assert [(usage.region, usage.quota) for usage in reported] == [("NA", "sp.read")]
    assert reported[0].share == pytest.approx(0.5)
    meter.note(exchange(30, 1))  # the window has moved on: the hook is armed again
    meter.note(exchange(31, half))
    assert len(reported) == 2


def test_threshold_is_calculated_for_each_region_by_itself():
    reported = []
    meter = Meter(QUOTAS, reported.append, threshold=0.5, window=10)
    most = round(RATE * 10 / 2) - 1
    for region in ("NA", "EU", "FE"):
        meter.note(exchange(0, most, region))
    assert reported == []


def test_class_without_a_quota_is_counted_and_never_reported():
    reported = []
    meter = Meter({}, reported.append)
    meter.note(replace(exchange(0), weight=10**9))
    assert (calls(meter), reported) == (1, [])
