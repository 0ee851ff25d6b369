"""A small integration of a partner, standard library alone: for the command driver's tests.

Reads its task, lists profiles and entities, creates, waits when asked to; deaf, or content with a
short page, on request.
"""

import json
import os
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

TASK = json.loads(Path(os.environ["ADSMOCK_TASK"]).read_text("utf-8"))

HOME = {row["profileId"]: row["region"] for row in TASK["profiles"]}
PATHS = {"sp.campaigns": ("campaigns", "spCampaign"), "sp.adGroups": ("adGroups", "spAdGroup")}
OBEYS = "--deaf" not in sys.argv
ENDS_AT_SHORT = "--short" in sys.argv


def send(url, body, headers):
    request = urllib.request.Request(url, data=body, headers=headers)
    with urllib.request.urlopen(request, timeout=60) as reply:
        return json.load(reply)


def token(region):
    keys = TASK["credentials"]
    form = (
        f"grant_type=refresh_token&client_id={keys['clientId']}"
        f"&client_secret={keys['clientSecret']}&refresh_token={keys['refreshToken']}"
    )
    base = TASK["regions"][region]["lwa"]
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    return send(f"{base}/auth/o2/token", form.encode(), kind)["access_token"]


def call(profile, resource, suffix, body):
    region = HOME[profile]
    name, kind = PATHS[resource]
    media = f"application/vnd.{kind}.v3+json"
    for _attempt in range(6):
        headers = {
            "Authorization": f"Bearer {token(region)}",
            "Amazon-Advertising-API-ClientId": TASK["credentials"]["clientId"],
            "Amazon-Advertising-API-Scope": profile,
            "Content-Type": media,
            "Accept": media,
        }
        url = f"{TASK['regions'][region]['ads']}/sp/{name}{suffix}"
        try:
            return send(url, json.dumps(body).encode(), headers)
        except urllib.error.HTTPError as error:
            if error.code != 429:
                raise
            asked = float(error.headers.get("Retry-After") or 1)
            time.sleep(asked + 0.05 if OBEYS else 0.05)  # noqa: TID251 -- a client of its own
    raise SystemExit(1)


def list_profiles():
    for region, hosts in TASK["regions"].items():
        headers = {
            "Authorization": f"Bearer {token(region)}",
            "Amazon-Advertising-API-ClientId": TASK["credentials"]["clientId"],
        }
        send(f"{hosts['ads']}/v2/profiles", None, headers)


def read(profile, resource, filters, size):
    body = {**filters, "maxResults": size}
    while True:
        page = call(profile, resource, "/list", body)
        found = page[PATHS[resource][0]]
        if "nextToken" not in page or (ENDS_AT_SHORT and len(found) < size):
            return
        body["nextToken"] = page["nextToken"]


for task in TASK["tasks"]:
    args = task["args"]
    if task["verb"] == "list_profiles":
        list_profiles()
    elif task["verb"] == "list":
        read(args["profile"], args["resource"], args.get("filter", {}), args.get("pageSize", 100))
    elif task["verb"] == "create":
        envelope = PATHS[args["resource"]][0]
        call(args["profile"], args["resource"], "", {envelope: args["items"]})
