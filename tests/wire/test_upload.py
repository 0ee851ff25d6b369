"""An asset over real sockets: the upload location takes the file from a plain HTTP client."""

import requests

from adsmock.mockserver.app import Mock
from tests.unit.mockserver.services.assets.uploads import png
from tests.wire.call_headers import headers_of


def test_an_uploaded_file_is_registered_and_found():
    with Mock(port=0) as mock:
        base, headers = mock.urls["NA"]["ads"], headers_of(mock)
        asked = {"fileName": "logo.png"}
        url = requests.post(f"{base}/assets/upload", json=asked, headers=headers, timeout=60).json()
        sent = requests.put(
            url["url"], data=png(size=300_000), headers={"Content-Type": "image/png"}, timeout=60
        )
        body = {"url": url["url"], "name": "logo", "assetType": "IMAGE"}
        made = requests.post(f"{base}/assets/register", json=body, headers=headers, timeout=60)
        found = requests.post(f"{base}/assets/search", json={}, headers=headers, timeout=60).json()

    assert (sent.status_code, sent.content) == (200, b"")
    (row,) = found["assetList"]
    assert row["assetId"] == made.json()["assetId"]
    assert row["fileMetadata"]["sizeInBytes"] == 300_000
