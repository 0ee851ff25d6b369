"""A partner's library: lists campaigns, all pages of them, through throttling and dead tokens."""

import time

import requests

MEDIA = "application/vnd.spCampaign.v3+json"
ATTEMPTS = 6

wait = time.sleep  # noqa: TID251 -- a program of its own


class Ads:
    """One region of the API with one set of credentials."""

    def __init__(self, urls, credentials):
        self.urls, self.credentials, self.token = urls, credentials, None

    def grant(self):
        form = {
            "grant_type": "refresh_token",
            "client_id": self.credentials["clientId"],
            "client_secret": self.credentials["clientSecret"],
            "refresh_token": self.credentials["refreshToken"],
        }
        reply = requests.post(self.urls["lwa"] + "/auth/o2/token", data=form, timeout=60)
        reply.raise_for_status()
        return reply.json()["access_token"]

    def call(self, path, profile, body):
        for attempt in range(1, ATTEMPTS + 1):
            self.token = self.token or self.grant()
            headers = {
                "Authorization": f"Bearer {self.token}",
                "Amazon-Advertising-API-ClientId": self.credentials["clientId"],
                "Amazon-Advertising-API-Scope": profile,
                "Content-Type": MEDIA,
                "Accept": MEDIA,
            }
            url = self.urls["ads"] + path
            reply = requests.post(url, json=body, headers=headers, timeout=60)
            if reply.status_code == 401 and attempt == 1:
                self.token = None
            elif reply.status_code == 429 and attempt < ATTEMPTS:
                wait(float(reply.headers.get("Retry-After", 2**attempt)) + 0.1)
            else:
                reply.raise_for_status()
                return reply.json()
        raise RuntimeError("given up")

    def campaigns(self, profile, **body):
        found = []
        while True:
            page = self.call("/sp/campaigns/list", profile, body)
            found += page["campaigns"]
            if not page.get("nextToken"):
                return found
            body["nextToken"] = page["nextToken"]
