"""S3 as consumers of files use it, without sockets: buckets, objects, ranges, pages, refusals."""

import json

import pytest

from adsmock.mockserver.services.sandboxes.state import dump_state, restore_state
from adsmock.mockserver.services.stream import buckets
from adsmock.mockserver.services.stream.buckets import Buckets
from tests.unit.mockserver.fixtures import NOON, contract_set
from tests.unit.mockserver.services.stream.s3_calls import code, s3, texts
from tests.unit.mockserver.services.stream.stream_calls import create_server

KEYS = ("a/1", "a/2", "a/b/3", "b 4+ä", "c")


def filled(keys=KEYS, content=b"0123456789"):
    own = create_server()
    assert s3(own, "PUT", "ads-data").status == 200
    for key in keys:
        Buckets(own.sandbox).put_object("ads-data", key, content, NOON)
    return own


def test_a_bucket_is_created_found_and_listed():
    own = create_server()
    place = b"<CreateBucketConfiguration><LocationConstraint>eu-west-1</LocationConstraint></C>"
    assert s3(own, "HEAD", "ads-data").status == 404
    s3(own, "PUT", "ads-data", place)
    s3(own, "PUT", "plain")

    assert s3(own, "HEAD", "ads-data").headers["x-amz-bucket-region"] == "eu-west-1"
    assert texts(s3(own, "GET", "ads-data?location"), "LocationConstraint") == ["eu-west-1"]
    assert texts(s3(own, "GET", "plain?location"), "LocationConstraint") == [None]
    assert texts(s3(own, "GET", ""), "Name") == ["ads-data", "plain"]
    assert code(s3(own, "PUT", "No_Name")) == (400, "InvalidBucketName")


def test_a_policy_is_kept_and_checked_for_its_form():
    own = filled()
    policy = json.dumps({"Statement": []}).encode()
    assert code(s3(own, "GET", "ads-data?policy")) == (404, "NoSuchBucketPolicy")
    assert code(s3(own, "PUT", "ads-data?policy", b"[]")) == (400, "MalformedPolicy")
    assert code(s3(own, "PUT", "ads-data?policy", b"\xff")) == (400, "MalformedInput")
    assert s3(own, "PUT", "ads-data?policy", policy).status == 204
    assert s3(own, "GET", "ads-data?policy").body == policy


def test_an_object_is_read_whole_or_in_part():
    own = filled()
    whole = s3(own, "GET", "ads-data/a/1")
    etag = whole.headers["ETag"]

    assert (whole.status, whole.body) == (200, b"0123456789")
    assert whole.headers["Last-Modified"] == "Wed, 01 Jul 2026 12:00:00 GMT"
    assert s3(own, "HEAD", "ads-data/a/1").headers["ETag"] == etag
    for asked, found in (("0-3", b"0123"), ("7-", b"789"), ("-2", b"89"), ("8-99", b"89")):
        part = s3(own, "GET", "ads-data/a/1", Range=f"bytes={asked}")
        assert (part.status, part.body) == (206, found)
        assert part.headers["Content-Range"].endswith("/10")
    assert code(s3(own, "GET", "ads-data/a/1", Range="bytes=10-")) == (416, "InvalidRange")
    assert s3(own, "GET", "ads-data/a/1", If_None_Match=etag).status == 304
    assert s3(own, "GET", "ads-data/a/1", If_Match=etag).status == 200
    assert code(s3(own, "GET", "ads-data/a/1", If_Match='"0"')) == (412, "PreconditionFailed")


def test_an_object_is_deleted_once():
    own = filled()
    assert [s3(own, "DELETE", "ads-data/a/1").status for _ in range(2)] == [204, 204]
    assert code(s3(own, "GET", "ads-data/a/1")) == (404, "NoSuchKey")
    assert texts(s3(own, "GET", "ads-data?list-type=2"), "Key") == list(KEYS[1:])


@pytest.mark.parametrize("size", [1, 2, 3, 1000])
def test_pages_contain_every_key_once_in_order(size):
    own = filled()
    found, token = [], ""
    while True:
        page = s3(own, "GET", f"ads-data?list-type=2&max-keys={size}{token}")
        found += texts(page, "Key")
        if texts(page, "IsTruncated") == ["false"]:
            break
        assert texts(page, "KeyCount") == [str(size)]
        token = "&continuation-token=" + texts(page, "NextContinuationToken")[0]
    assert found == list(KEYS)


@pytest.mark.parametrize("size", [1, 2, 1000])
def test_keys_below_a_delimiter_come_as_one_prefix(size):
    own = filled()
    rows, token = [], ""
    while True:
        page = s3(own, "GET", f"ads-data?list-type=2&delimiter=/&max-keys={size}{token}")
        rows += [each for each in texts(page, "Prefix") if each] + texts(page, "Key")
        if texts(page, "IsTruncated") == ["false"]:
            break
        token = "&continuation-token=" + texts(page, "NextContinuationToken")[0]

    assert sorted(rows) == ["a/", "b 4+ä", "c"]
    below = s3(own, "GET", "ads-data?list-type=2&prefix=a/&delimiter=/")
    assert texts(below, "Key") == ["a/1", "a/2"]
    assert texts(below, "Prefix") == ["a/", "a/b/"]
    coded = s3(own, "GET", "ads-data?list-type=2&encoding-type=url&start-after=a/b/3")
    assert texts(coded, "Key") == ["b%204%2B%C3%A4", "c"]


@pytest.mark.parametrize(
    ("method", "path", "refusal"),
    [
        ("GET", "no-bucket/key", (404, "NoSuchBucket")),
        ("GET", "no-bucket?list-type=2", (404, "NoSuchBucket")),
        ("PUT", "ads-data/key", (501, "NotImplemented")),
        ("GET", "ads-data?acl", (501, "NotImplemented")),
        ("GET", "ads-data?list-type=2&max-keys=x", (400, "InvalidArgument")),
        ("GET", "ads-data?list-type=2&continuation-token=a", (400, "InvalidArgument")),
    ],
)
def test_what_is_not_there_is_refused_as_s3_does(method, path, refusal):
    assert code(s3(filled(), method, path)) == refusal


def test_a_bucket_is_found_in_the_host_name_too():
    own = filled()
    reply = s3(own, "GET", "a/1", Host="ads-data.localhost:9087")
    assert (reply.status, reply.body) == (200, b"0123456789")


def test_an_unknown_access_key_is_refused():
    own = filled()
    signed = "AWS4-HMAC-SHA256 Credential=nobody/20260701/us-east-1/s3/aws4_request"
    assert code(s3(own, "GET", "ads-data/a/1", Authorization=signed))[0] == 403


def test_the_oldest_objects_make_room(monkeypatch):
    monkeypatch.setattr(buckets, "MAX_BYTES", 25)
    own = filled()
    assert texts(s3(own, "GET", "ads-data?list-type=2"), "Key") == list(KEYS[3:])


def test_snapshots_contain_buckets_and_objects():
    own = filled()
    before = s3(own, "GET", "ads-data?list-type=2").body
    content = dump_state(own.sandbox)
    Buckets(own.sandbox).delete_object("ads-data", "a/1", NOON)
    restore_state(own.sandbox, content, contract_set(), own.runtime.sandboxes.source)

    assert s3(own, "GET", "ads-data?list-type=2").body == before
    assert s3(own, "GET", "ads-data/a/1").body == b"0123456789"
