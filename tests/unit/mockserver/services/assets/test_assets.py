"""The course of an asset: upload location, upload, registration, processing, versions."""

import jsonschema_rs
import pytest

from adsmock.contracts.schema import form_body
from adsmock.mockserver.services.assets.uploads import LIFETIME
from tests.unit.mockserver.fixtures import contract_set, value
from tests.unit.mockserver.services.assets.uploads import (
    JSON,
    create_server,
    jpeg,
    latest,
    location,
    look,
    png,
    put,
    register,
    registered,
    upload,
)


def fits(verb, body):
    schema = form_body(contract_set().by_name["assets"], f"{verb}.reply")
    return jsonschema_rs.validator_for(schema).is_valid(body)


def test_an_uploaded_image_is_processed_and_then_active():
    own = create_server()
    asset_id = registered(own, png(640, 320))

    before = latest(own, asset_id)
    own.sandbox.clock.advance(31)
    after = latest(own, asset_id)

    assert (before["assetStatus"], after["assetStatus"]) == ("PROCESSING", "ACTIVE")
    assert fits("get", look(own, asset_id))
    facts = after["fileMetadata"]
    assert (facts["width"], facts["height"], facts["aspectRatio"]) == (640, 320, "2:1")
    assert (facts["contentType"], facts["extension"], facts["sizeInBytes"]) == (
        "image/png",
        "PNG",
        64,
    )


def test_a_jpeg_is_measured_behind_other_segments():
    own = create_server()
    facts = latest(own, registered(own, jpeg(1200, 628)))["fileMetadata"]
    assert (facts["width"], facts["height"]) == (1200, 628)


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xd8\xff\xc0", b"\xff\xd8\xff\xdb\xff\xff", b"GIF89a"]
)
def test_a_file_without_a_known_size_has_none(content):
    own = create_server()
    facts = latest(own, registered(own, content))["fileMetadata"]
    assert (facts["width"], facts["height"], facts["aspectRatio"]) == (0, 0, None)


def test_a_video_takes_longer_and_names_the_checks_that_it_fails():
    own = create_server()
    url = upload(own, b"film", "spot.mov", "video/quicktime")
    changes = {"assetType": "VIDEO", "assetSubTypeList": ["BACKGROUND_VIDEO"]}
    reply = value(register(own, url, **changes))

    own.sandbox.clock.advance(31)
    early = latest(own, reply["assetId"])
    own.sandbox.clock.advance(270)
    late = latest(own, reply["assetId"])

    assert fits("register", reply)
    assert (early["assetStatus"], late["assetStatus"]) == ("PROCESSING", "ACTIVE")
    assert late["failedSpecChecks"] == reply["failedSpecChecks"]
    failed = {row["specProgramName"] for row in reply["failedSpecChecks"]}
    assert failed.isdisjoint(late["specCheckApprovedPrograms"])
    assert late["fileMetadata"]["resolutionHeight"] in {1080, 1920}
    assert late["fileMetadata"]["width"] == 0


def test_videos_fail_different_checks_but_the_same_video_the_same():
    own = create_server()
    changes = {"assetType": "VIDEO", "assetSubTypeList": ["BACKGROUND_VIDEO"]}

    def failed(content):
        return str(value(register(own, upload(own, content), **changes))["failedSpecChecks"])

    assert failed(b"1") == failed(b"1")
    assert len({failed(bytes([number])) for number in range(20)}) > 2


def test_an_upload_location_expires():
    own = create_server()
    url = location(own)
    own.sandbox.clock.advance(LIFETIME)
    refused = put(own, url, png())
    assert refused.status == 403
    assert b"<Code>" in refused.body


def test_storage_takes_only_signed_uploads_without_a_token():
    own = create_server()
    url = location(own)
    other = url.replace(".png?", "x.png?")
    assert put(own, other, png()).status == 403
    assert put(own, url.partition("?")[0], png()).status == 403
    assert put(own, url, png(), Authorization=f"Bearer {own.token}").status == 400
    assert put(own, url, png()).status == 200


def test_a_download_location_takes_no_upload():
    own = create_server()
    signed = own.runtime.sandboxes.signer.sign(
        "download", own.sandbox.id, "job", 0, 9e9, "logo.png", 900,
        *own.sandbox.later_generation,
    )  # fmt: skip
    url = f"http://storage.test/logo.png?X-Amz-Expires=900&X-Amz-Signature={signed}"
    assert put(own, url, png()).status == 403


def test_only_an_uploaded_file_of_the_account_is_registered():
    own, other = create_server(), create_server()
    empty = register(own, location(own))
    foreign = register(own, upload(other))
    unknown = register(own, "https://[")
    assert [reply.status for reply in (empty, foreign, unknown)] == [404, 400, 400]
    assert "Nothing was uploaded" in value(empty)["message"]


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"name": ""}, "name is required"),
        ({"assetType": None}, "assetType"),
        ({"assetSubTypeList": ["BACKGROUND_VIDEO"]}, "BACKGROUND_VIDEO is not a subtype of IMAGE"),
        ({"associatedSubEntityList": [{"brandEntityId": "ENTITY1"}]}, "ENTITY1 is not a brand"),
    ],
)
def test_a_registration_is_checked(changes, text):
    own = create_server()
    refused = register(own, upload(own), **changes)
    assert refused.status == 400
    assert text in value(refused)["message"]


def test_the_brand_that_brands_name_is_accepted():
    own = create_server()
    (brand,) = value(own.call("/brands", b"", "GET", media=None, Accept="*/*"))
    named = [{"brandEntityId": brand["brandEntityId"]}]
    assert register(own, upload(own), associatedSubEntityList=named).status == 200


def test_a_version_is_added_to_an_asset():
    own = create_server()
    asset_id = registered(own, png(100, 100))
    info = {"linkedAssetId": asset_id, "versionNotes": "larger"}
    reply = value(register(own, upload(own, png(200, 200)), versionInfo=info))

    first, second = look(own, asset_id)["assetVersionList"]
    (only,) = look(own, asset_id, "version_v1")["assetVersionList"]

    assert reply == {
        "assetId": asset_id,
        "failedSpecChecks": [],
        "programPolicyValidationsList": None,
        "versionId": "version_v2",
    }
    assert only == first
    assert (first["fileMetadata"]["width"], second["fileMetadata"]["width"]) == (100, 200)
    assert (first["versionNotes"], second["versionNotes"]) == (None, "larger")


@pytest.mark.parametrize("query", ["", "?assetId=1", "?assetId={known}&version=version_v9"])
def test_an_unknown_asset_or_version_is_refused(query):
    own = create_server()
    path = f"/assets{query}".format(known=registered(own))
    assert own.call(path, b"", "GET", media=JSON).status == 400


def test_bodies_may_be_sent_as_text():
    own = create_server()
    reply = own.call("/assets/upload", {"fileName": "a.png"}, media="text/plain", Accept="*/*")
    assert (reply.status, reply.content_type) == (200, JSON)


def test_assets_survive_in_the_journal_without_their_bytes():
    own = create_server()
    upload(own, png(size=5_000))
    entry = own.entries()[-1]
    assert (entry.operation, entry.status, entry.request_bytes) == ("storage.put", 200, 5_000)
    assert "PNG" not in str(entry.request)
