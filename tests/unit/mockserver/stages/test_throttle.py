"""Quotas: weights, pressure, regions, and what a 429 says about waiting."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adsmock.mockserver.core.bucket import Bucket
from adsmock.mockserver.core.load_window import LoadWindow, share_of
from adsmock.mockserver.core.sandbox import QuotaSetting
from tests.unit.mockserver.fixtures import ENDPOINTS, create_server


def tight(rate=1.0, burst=5.0, **request):
    quotas = {"sp.read": QuotaSetting(rate, burst)}
    return create_server(quotas=quotas, **request)


def statuses(server, count, body=b"{}"):
    return [server.call("/sp/campaigns/list", body).status for _ in range(count)]


def test_bucket_grants_its_burst_then_refuses_until_it_refills():
    server = tight()

    assert statuses(server, 6) == [200] * 5 + [429]
    server.sandbox.clock.advance(2)
    assert statuses(server, 3) == [200, 200, 429]


def test_extended_data_weighs_five():
    server = tight(burst=10.0)

    assert statuses(server, 3, {"includeExtendedDataFields": True}) == [200, 200, 429]


def test_regions_have_buckets_of_their_own():
    server = tight(burst=1.0)
    assert statuses(server, 2) == [200, 429]

    headers = server.headers(Amazon_Advertising_API_Scope=server.profile("EU").id)

    assert server.send("POST", "/sp/campaigns/list", b"{}", headers, ENDPOINTS["EU"]).status == 200


def test_pressure_tightens_the_quota_of_its_region():
    server = tight(burst=10.0)
    server.sandbox.throttle.pressure["NA"] = 0.3

    assert statuses(server, 4) == [200] * 3 + [429]


@pytest.mark.parametrize(("mode", "has_header"), [("always", True), ("never", False)])
def test_retry_after_comes_as_the_mode_says(mode, has_header):
    server = tight(burst=1.0, retry_after=mode)
    server.call("/sp/campaigns/list")

    assert ("Retry-After" in server.call("/sp/campaigns/list").headers) is has_header


def test_waiting_for_retry_after_is_always_enough():
    server = tight(rate=0.37, burst=3.0)
    for _ in range(20):
        reply = server.call("/sp/campaigns/list")
        if reply.status == 429:
            server.sandbox.clock.advance(float(reply.headers["Retry-After"]))
            assert server.call("/sp/campaigns/list").status == 200


@given(
    st.lists(st.tuples(st.floats(0, 20), st.floats(0, 30), st.floats(0.05, 1.0)), max_size=40),
    st.floats(0.01, 50),
    st.floats(1, 100),
)
def test_bucket_is_never_negative_and_never_above_its_burst(steps, rate, burst):
    bucket, now = Bucket(rate, burst, burst, 0.0), 0.0
    for weight, pause, pressure in steps:
        now += pause
        wait = bucket.take(weight, now, pressure)
        assert 0 <= bucket.level <= burst
        assert wait >= 0


def test_a_load_window_tightens_its_region_while_it_lasts():
    server = tight(burst=10.0)
    now = server.sandbox.clock.now()
    server.sandbox.throttle.load_windows = (
        LoadWindow("NA", now + 60, now + 120, share=0.3),
        LoadWindow("EU", now, now + 120, share=0.1),
    )
    assert statuses(server, 11) == [200] * 10 + [429]
    server.sandbox.clock.advance(60)
    assert statuses(server, 4) == [200] * 3 + [429]
    server.sandbox.clock.advance(60)
    assert statuses(server, 11) == [200] * 10 + [429]


@given(st.lists(st.tuples(st.floats(0, 100), st.floats(0.1, 100), st.floats(0.05, 1))))
def test_overlapping_load_windows_leave_what_the_tightest_leaves(rows):
    load_windows = [LoadWindow("NA", begin, begin + length, share) for begin, length, share in rows]
    for now in (0.0, 10.0, 50.0, 150.0):
        on = [each.share for each in load_windows if each.begin <= now < each.end]
        assert share_of(load_windows, "NA", now) == min(on, default=1.0)
        assert share_of(load_windows, "FE", now) == 1.0


def test_the_queue_of_a_region_tightens_the_creation_of_reports_alone():
    server = create_server()
    throttle, now = server.sandbox.throttle, server.sandbox.clock.now()
    full = throttle.share("NA", "reporting.create", now)
    assert throttle.share("NA", "reporting.create", now, waiting=50) == full * 0.5
    assert throttle.share("NA", "reporting.create", now, waiting=200) == full * 0.25
    assert throttle.share("NA", "sp.read", now, waiting=200) == full
    throttle.load_windows = (LoadWindow("NA", now, now + 60, waiting=200),)
    assert throttle.share("NA", "reporting.create", now) == full * 0.25
    assert throttle.share("EU", "reporting.create", now) == full
