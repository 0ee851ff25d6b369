"""What Airbyte does with its source for Amazon Ads; it knows nothing of any mock.

Takes the folder of the program ``source-amazon-ads``, which is in an environment of its own.
"""

import json
import os
import subprocess
import sys
import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import certifi

STREAMS = {
    "read": ["profiles", "portfolios", "sponsored_product_campaigns", "sponsored_product_keywords"],
    "report": ["sponsored_products_campaigns_report_stream_daily"],
}
SOURCE = Path(sys.argv[1]) / "source-amazon-ads"
TODAY = datetime.now(ZoneInfo("America/Los_Angeles")).date()
CONFIG = {
    "client_id": os.environ["CLIENT_ID"],
    "client_secret": os.environ["CLIENT_SECRET"],
    "refresh_token": os.environ["REFRESH_TOKEN"],
    "region": "NA",
    "start_date": str(TODAY - timedelta(days=1)),
    "look_back_window": 1,
    "num_workers": 2,
}

# The source sends prepared requests, for which the library requests ignores REQUESTS_CA_BUNDLE.
with Path(certifi.where()).open("a") as bundle:
    bundle.write("\n" + Path(os.environ["REQUESTS_CA_BUNDLE"]).read_text())


def messages(*words):
    done = subprocess.run([SOURCE, *words], capture_output=True, text=True, check=False)
    rows = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    errors = [row["trace"]["error"]["message"] for row in rows if "error" in row.get("trace", {})]
    assert done.returncode == 0 and not errors, (errors, done.stdout[-3000:], done.stderr[-3000:])
    return rows


def catalog(found, names):
    modes = {"sync_mode": "full_refresh", "destination_sync_mode": "overwrite"}
    return {"streams": [{"stream": found[name], **modes} for name in names]}


with tempfile.TemporaryDirectory() as name:
    folder = Path(name)
    config = folder / "config.json"
    config.write_text(json.dumps(CONFIG))
    discovered = messages("discover", "--config", config)
    found = {
        stream["name"]: stream
        for row in discovered
        if row["type"] == "CATALOG"
        for stream in row["catalog"]["streams"]
    }
    for flow, names in STREAMS.items():
        file = folder / f"{flow}.json"
        file.write_text(json.dumps(catalog(found, names)))
        rows = messages("read", "--config", config, "--catalog", file)
        seen = [row["record"]["stream"] for row in rows if row["type"] == "RECORD"]
        assert set(seen) >= set(names[:1]), set(seen)
        sys.stdout.write(f"{flow}: {len(seen)} records of {', '.join(sorted(set(seen)))}\n")
    for flow in ("write", "export"):
        sys.stdout.write(f"{flow}: not offered\n")
