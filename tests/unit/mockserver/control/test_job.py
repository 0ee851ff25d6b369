"""Jobs, tokens and versions, moved by hand; the data plane feels it."""

import pytest

from adsmock.mockserver.core.call import Endpoint
from tests.unit.mockserver.control.test_time import export
from tests.unit.mockserver.fixtures import EXPORT, value


def poll(plane, job):
    return plane.desk.call(f"/exports/{job}", b"", "GET", Accept=EXPORT, Content_Type=None)


def status(plane, job):
    return value(poll(plane, job))["status"]


def test_a_job_is_listed_as_it_stands(plane):
    job = export(plane)
    (row,) = plane.do("jobs.list")["jobs"]
    assert (row["jobId"], row["stage"], row["ended"]) == (job, "running", None)
    plane.do("clock.advance", {"seconds": 5})
    (row,) = plane.do("jobs.list")["jobs"]
    assert (row["stage"], row["ended"]) == ("completed", "2026-07-01T12:00:05.000Z")


def test_complete_ends_a_job_now(plane):
    job = export(plane)
    assert status(plane, job) == "IN_PROGRESS"
    assert plane.do("jobs.complete", job=job)["stage"] == "completed"
    assert status(plane, job) == "COMPLETED"


def test_fail_ends_a_job_badly(plane):
    job = export(plane)
    assert plane.do("jobs.fail", {"error": "OUT_OF_LUCK"}, job=job)["stage"] == "failed"
    assert value(poll(plane, job))["error"]["errorCode"] == "OUT_OF_LUCK"


def test_stick_holds_a_job_until_it_is_completed_by_hand(plane):
    job = export(plane)
    assert plane.do("jobs.stick", job=job)["isStuck"] is True
    plane.do("clock.advance", {"seconds": 9_999})
    assert status(plane, job) == "IN_PROGRESS"
    plane.do("jobs.complete", job=job)
    assert status(plane, job) == "COMPLETED"


@pytest.mark.parametrize("verb", ["complete", "fail", "stick"])
def test_an_end_is_final(plane, verb):
    job = export(plane)
    plane.do("jobs.complete", job=job)
    assert plane.refuse(f"jobs.{verb}", job=job)["status"] == 409


def test_an_unknown_job_is_not_found(plane):
    job = export(plane)
    refused = plane.refuse("jobs.complete", job=job[:-1])
    assert (refused["status"], refused["near"]) == (404, [job])


def test_expire_url_ends_old_urls_and_not_new_ones(plane):
    job = export(plane)
    plane.do("jobs.complete", job=job)
    storage = Endpoint("storage", 2, None, storage=True)

    def fetch(url):
        return plane.desk.send("GET", url, endpoint=storage).status

    old = value(poll(plane, job))["url"]
    assert fetch(old) == 200
    assert plane.do("jobs.expire-url", job=job)["urls"] == 1
    assert fetch(old) == 403
    assert fetch(value(poll(plane, job))["url"]) == 200


def test_revoked_access_tokens_fail_and_new_ones_work(plane):
    assert plane.do("tokens.revoke", {"kind": "access"}) == {"revoked": 1}
    assert plane.desk.call("/sp/campaigns/list", {}).status == 401
    plane.desk.sign_in()
    assert plane.desk.call("/sp/campaigns/list", {}).status == 200


def test_a_revoked_refresh_token_gets_nothing(plane):
    assert plane.do("tokens.revoke", {"kind": "refresh"}) == {"revoked": 1}
    assert plane.desk.grant().status == 400
    assert plane.refuse("tokens.revoke", {"kind": "all"})["pointer"] == "/kind"


def test_a_family_is_shut_off_at_its_date(plane):
    shown = plane.do("versions.put", {"families": {"sp": {"shutOff": "2026-08-01"}}})
    assert shown["families"]["sp"] == {"shutOff": "2026-08-01T00:00:00.000Z", "isShutOff": False}
    assert plane.desk.call("/sp/campaigns/list", {}).status == 200
    plane.do("clock.advance", {"seconds": 40 * 86_400})
    assert plane.desk.call("/sp/campaigns/list", {}).status == 404
    assert plane.do("versions.get")["families"]["sp"]["isShutOff"] is True


def test_versions_put_takes_what_get_gave_and_forgets_what_is_not_named(plane):
    first = plane.do("versions.put", {"families": {"sp": {"shutOff": "2026-08-01"}}})
    assert plane.do("versions.put", first) == first
    assert plane.do("versions.put", {"families": {}})["families"]["sp"]["shutOff"] is None


@pytest.mark.parametrize(
    ("families", "pointer"),
    [
        ({"spp": {"shutOff": "2026-08-01"}}, "/families/spp"),
        ({"sp": {"shutOff": "next summer"}}, "/families/sp/shutOff"),
        ({"sp": {"shutOff": "2999-01-01"}}, "/families/sp/shutOff"),
        ({"sp": {}}, "/families/sp/shutOff"),
        ({"sp": {"shutof": "2026-08-01"}}, "/families/sp/shutof"),
    ],
)
def test_versions_put_refuses_with_the_pointer(plane, families, pointer):
    assert plane.refuse("versions.put", {"families": families})["pointer"] == pointer
