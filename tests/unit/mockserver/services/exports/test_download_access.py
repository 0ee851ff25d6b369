"""A file is downloaded by its signed URL, until it expires, and in no other way."""

import json

import pytest

from tests.unit.mockserver.control.test_job import poll
from tests.unit.mockserver.control.test_time import export


@pytest.fixture
def finished(control):
    """Return the control plane, a finished job, and the path and query of its URL."""
    job = export(control)
    control.do("clock.advance", {"seconds": 6})
    return control, job, poll_target(control, job)


def poll_target(control, job):
    url = json.loads(poll(control, job).body)["url"]
    return "/_storage/" + url.partition("storage.test/")[2]


def get(control, target, body=b"", **headers):
    return control.server.send("GET", target, body, headers).status


def test_a_signed_url_needs_no_token(finished):
    control, _, target = finished
    assert get(control, target) == 200


@pytest.mark.parametrize("form", ["strings", "numbers"])
def test_a_body_never_replaces_a_signature(finished, form):
    control, job, target = finished
    body = [job, "999999", "9e12"] if form == "strings" else [job, 999999, 9e12]
    path = target.partition("?")[0]
    token = f"Bearer {control.server.token}"
    for place in (path, "/_storage/x"):
        assert get(control, place, json.dumps(body).encode(), authorization=token) == 403


@pytest.mark.parametrize("body", [b"true", b"1", b'"x"', b"{}", b"[]", b'["a"]', b"\xff"])
def test_any_body_of_an_unsigned_download_is_ignored(finished, body):
    control, _, target = finished
    assert get(control, target.partition("?")[0], body) == 403
    assert get(control, target, body) == 200


def test_an_expired_url_stays_expired_whatever_the_body(finished):
    control, job, target = finished
    control.do("jobs.expire-url", job=job)
    body = json.dumps([job, "999999", "9e12"]).encode()
    assert get(control, target, body) == 403


def test_the_signature_covers_the_path(finished):
    control, _, target = finished
    path, _, query = target.partition("?")
    folder, _, name = path.rpartition("/")
    for other in (f"{folder}/other.json.gz", f"{folder}/x/{name}", "/_storage/", f"{path}/"):
        assert get(control, f"{other}?{query}") == 403


def test_the_signature_covers_the_expiry(finished):
    control, _, target = finished
    assert get(control, target.replace("X-Amz-Expires=", "X-Amz-Expires=9")) == 403
    assert get(control, target.replace("X-Amz-Expires=", "X-Expires=")) == 403


def test_a_signature_of_another_file_is_refused(finished):
    control, _, target = finished
    other = export(control)
    control.do("clock.advance", {"seconds": 6})
    path, query = target.partition("?")[0], poll_target(control, other).partition("?")[2]
    assert get(control, f"{path}?{query}") == 403
