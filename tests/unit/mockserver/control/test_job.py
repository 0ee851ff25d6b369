"""Jobs, tokens and versions that the control plane sets; the data plane shows the change."""

import pytest

from adsmock.mockserver.core.call import Endpoint
from tests.unit.mockserver.control.test_time import export
from tests.unit.mockserver.fixtures import EXPORT, value


def poll(control, job):
    return control.server.call(f"/exports/{job}", b"", "GET", Accept=EXPORT, Content_Type=None)


def status(control, job):
    return value(poll(control, job))["status"]


def test_a_job_is_listed_with_its_status(control):
    job = export(control)
    (row,) = control.do("jobs.list")["jobs"]
    assert (row["jobId"], row["stage"], row["ended"]) == (job, "running", None)
    control.do("clock.advance", {"seconds": 5})
    (row,) = control.do("jobs.list")["jobs"]
    assert (row["stage"], row["ended"]) == ("completed", "2026-07-01T12:00:05.000Z")


def test_complete_ends_a_job_now(control):
    job = export(control)
    assert status(control, job) == "IN_PROGRESS"
    assert control.do("jobs.complete", job=job)["stage"] == "completed"
    assert status(control, job) == "COMPLETED"


def test_fail_ends_a_job_badly(control):
    job = export(control)
    assert control.do("jobs.fail", {"error": "OUT_OF_LUCK"}, job=job)["stage"] == "failed"
    assert value(poll(control, job))["error"]["errorCode"] == "OUT_OF_LUCK"


def test_stick_holds_a_job_until_it_is_completed_by_hand(control):
    job = export(control)
    assert control.do("jobs.stick", job=job)["isStuck"] is True
    control.do("clock.advance", {"seconds": 9_999})
    assert status(control, job) == "IN_PROGRESS"
    control.do("jobs.complete", job=job)
    assert status(control, job) == "COMPLETED"


@pytest.mark.parametrize("verb", ["complete", "fail", "stick"])
def test_an_end_is_final(control, verb):
    job = export(control)
    control.do("jobs.complete", job=job)
    assert control.refuse(f"jobs.{verb}", job=job)["status"] == 409


def test_an_unknown_job_is_not_found(control):
    job = export(control)
    refused = control.refuse("jobs.complete", job=job[:-1])
    assert (refused["status"], refused["near"]) == (404, [job])


def test_expire_url_ends_old_urls_and_not_new_ones(control):
    job = export(control)
    control.do("jobs.complete", job=job)
    storage = Endpoint("storage", 2, None, storage=True)

    def fetch(url):
        return control.server.send("GET", url, endpoint=storage).status

    old = value(poll(control, job))["url"]
    assert fetch(old) == 200
    assert control.do("jobs.expire-url", job=job)["urls"] == 1
    assert fetch(old) == 403
    assert fetch(value(poll(control, job))["url"]) == 200


def test_revoked_access_tokens_fail_and_new_ones_work(control):
    assert control.do("tokens.revoke", {"kind": "access"}) == {"revoked": 1}
    assert control.server.call("/sp/campaigns/list", {}).status == 401
    control.server.sign_in()
    assert control.server.call("/sp/campaigns/list", {}).status == 200


def test_a_revoked_refresh_token_gets_nothing(control):
    assert control.do("tokens.revoke", {"kind": "refresh"}) == {"revoked": 1}
    assert control.server.grant().status == 400
    assert control.refuse("tokens.revoke", {"kind": "all"})["pointer"] == "/kind"


def test_a_family_is_shut_off_at_its_date(control):
    shown = control.do("versions.put", {"families": {"sp": {"shutOff": "2026-08-01"}}})
    assert shown["families"]["sp"] == {"shutOff": "2026-08-01T00:00:00.000Z", "isShutOff": False}
    assert control.server.call("/sp/campaigns/list", {}).status == 200
    control.do("clock.advance", {"seconds": 40 * 86_400})
    assert control.server.call("/sp/campaigns/list", {}).status == 404
    assert control.do("versions.get")["families"]["sp"]["isShutOff"] is True


def test_versions_put_takes_what_get_gave_and_forgets_what_is_not_named(control):
    first = control.do("versions.put", {"families": {"sp": {"shutOff": "2026-08-01"}}})
    assert control.do("versions.put", first) == first
    assert control.do("versions.put", {"families": {}})["families"]["sp"]["shutOff"] is None


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
def test_versions_put_refuses_with_the_pointer(control, families, pointer):
    assert control.refuse("versions.put", {"families": families})["pointer"] == pointer
