"""Throttling over the control plane: quotas and pressure set, live buckets shown."""

import pytest

QUOTAS = {"sp.write": {"rate": 1, "burst": 3}}


def write(control):
    return control.server.call("/sp/campaigns", {"campaigns": []}).status


def test_get_shows_every_class_and_no_bucket_at_first(control):
    control.do("throttle.put", {})
    shown = control.do("throttle.get")
    assert set(shown["quotas"]) == set(control.server.runtime.contract_set.quotas)
    assert (shown["pressure"], shown["retryAfter"], shown["buckets"]) == ({}, "family", [])


def test_put_takes_effect_at_once_and_shows_in_the_bucket(control):
    control.do("throttle.put", {"quotas": QUOTAS})
    assert [write(control) == 429 for _ in range(4)] == [False, False, False, True]
    bucket = control.do("throttle.get")["buckets"][0]
    assert (bucket["quota"], bucket["region"], bucket["level"]) == ("sp.write", "NA", 0)
    control.do("clock.advance", {"seconds": 2})
    assert control.do("throttle.get")["buckets"][0]["level"] == 2


def test_showing_a_bucket_spends_and_fills_nothing(control):
    control.do("throttle.put", {"quotas": QUOTAS})
    write(control)
    first = control.do("throttle.get")
    assert control.do("throttle.get") == first


def test_put_is_safe_to_repeat_and_forgets_what_is_not_named(control):
    first = control.do("throttle.put", {"quotas": QUOTAS, "pressure": {"NA": 0.3}})
    assert control.do("throttle.put", {"quotas": QUOTAS, "pressure": {"NA": 0.3}}) == first
    assert control.do("throttle.put", first) == first
    assert control.do("throttle.put", {"pressure": {"EU": 0.5}})["pressure"] == {"EU": 0.5}
    assert control.do("throttle.get")["quotas"]["sp.write"]["burst"] != 3


def test_pressure_tightens_one_region(control):
    control.do(
        "throttle.put", {"quotas": {"sp.write": {"rate": 1, "burst": 10}}, "pressure": {"NA": 0.2}}
    )
    assert [write(control) == 429 for _ in range(3)] == [False, False, True]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"pressure": {"NA": 0}}, "/pressure/NA"),
        ({"pressure": {"NA": 1.1}}, "/pressure/NA"),
        ({"pressure": {"MARS": 0.5}}, "/pressure/MARS"),
        ({"quotas": {"sp.wrote": {"rate": 1, "burst": 1}}}, "/quotas/sp.wrote"),
        ({"quotas": {"sp.write": {"rate": 1}}}, "/quotas/sp.write/burst"),
        ({"quotas": {"sp.write": {"rate": -1, "burst": 1}}}, "/quotas/sp.write/rate"),
        ({"retryAfter": "sometimes"}, "/retryAfter"),
    ],
)
def test_put_refuses_with_the_pointer(control, body, pointer):
    assert control.refuse("throttle.put", body)["pointer"] == pointer


def test_an_unknown_class_is_refused_with_the_nearest_name(control):
    body = {"quotas": {"sp.wrote": {"rate": 1, "burst": 1}}}
    assert "sp.write" in control.refuse("throttle.put", body)["near"]
