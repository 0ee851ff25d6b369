"""Campaign sync as a partner wrote it: the hosts are Amazon's, nothing here knows of a mock."""

import gzip
import json
import os
import sys
import threading
import urllib.request

import requests

REGIONS = {
    "NA": ("https://advertising-api.amazon.com", "https://api.amazon.com"),
    "EU": ("https://advertising-api-eu.amazon.com", "https://api.amazon.co.uk"),
    "FE": ("https://advertising-api-fe.amazon.com", "https://api.amazon.co.jp"),
}
CAMPAIGN = "application/vnd.spCampaign.v3+json"
EXPORT = "application/vnd.campaignsexport.v1+json"
TIMEOUT = 60


def access_token(host):
    form = {
        "grant_type": "refresh_token",
        "refresh_token": os.environ["REFRESH_TOKEN"],
        "client_id": os.environ["CLIENT_ID"],
        "client_secret": os.environ["CLIENT_SECRET"],
    }
    reply = requests.post(f"{host}/auth/o2/token", data=form, timeout=TIMEOUT)
    reply.raise_for_status()
    return reply.json()["access_token"]


def headers(token, profile=None, media="application/json"):
    found = {
        "Authorization": f"Bearer {token}",
        "Amazon-Advertising-API-ClientId": os.environ["CLIENT_ID"],
        "Content-Type": media,
        "Accept": media,
    }
    return found | ({"Amazon-Advertising-API-Scope": str(profile)} if profile else {})


def list_campaigns(ads, token, profile):
    body = {"maxResults": 100}
    while True:
        reply = requests.post(
            f"{ads}/sp/campaigns/list",
            json=body,
            headers=headers(token, profile, CAMPAIGN),
            timeout=TIMEOUT,
        )
        reply.raise_for_status()
        page = reply.json()
        yield from page["campaigns"]
        if not page.get("nextToken"):
            return
        body["nextToken"] = page["nextToken"]


def export_campaigns(ads, token, profile):
    reply = requests.post(
        f"{ads}/campaigns/export",
        json={"adProductFilter": ["SPONSORED_PRODUCTS"]},
        headers=headers(token, profile, EXPORT),
        timeout=TIMEOUT,
    )
    reply.raise_for_status()
    export = reply.json()
    while export["status"] in {"IN_PROGRESS", "PROCESSING"}:
        threading.Event().wait(5)
        address = f"{ads}/exports/{export['exportId']}"
        export = requests.get(
            address, headers=headers(token, profile, EXPORT), timeout=TIMEOUT
        ).json()
    with urllib.request.urlopen(export["url"], timeout=TIMEOUT) as file:
        return json.loads(gzip.decompress(file.read()))


def say(line):
    sys.stdout.write(line + "\n")


def sync(region, ads, lwa):
    token = access_token(lwa)
    reply = requests.get(f"{ads}/v2/profiles", headers=headers(token), timeout=TIMEOUT)
    reply.raise_for_status()
    profiles = reply.json()
    count = sum(len(list(list_campaigns(ads, token, each["profileId"]))) for each in profiles)
    say(f"{region}: {len(profiles)} profiles, {count} campaigns")
    if "--export" in sys.argv:
        rows = export_campaigns(ads, token, profiles[0]["profileId"])
        say(f"{region}: {len(rows)} campaigns exported")


def main():
    failed = 0
    for region, (ads, lwa) in REGIONS.items():
        try:
            sync(region, ads, lwa)
        except requests.RequestException as error:
            say(f"{region}: {type(error).__name__}")
            failed = 1
    return failed


if __name__ == "__main__":
    sys.exit(main())
