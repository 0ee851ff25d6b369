"""An adapter that breaks under load: no pace, no retry, single writes, refusals are not read."""

import requests

from adsmock.harness.adapters import Adapter

MULTI_STATUS = 207
KINDS = {
    "sp.campaigns": ("campaigns", "spCampaign"),
    "sp.adGroups": ("adGroups", "spAdGroup"),
    "sp.productAds": ("productAds", "spProductAd"),
    "sp.keywords": ("keywords", "spKeyword"),
    "sp.negativeKeywords": ("negativeKeywords", "spNegativeKeyword"),
}


class Misbehaving(Adapter):
    """The API with the credentials of the event."""

    def call(self, method, kind, profile, body, path=""):
        envelope, media = KINDS[kind]
        base = self.connection.regions[self.connection.region_of(profile)]
        keys = self.connection.credentials
        form = {
            "grant_type": "refresh_token",
            "client_id": keys.client_id,
            "client_secret": keys.client_secret,
            "refresh_token": keys.refresh_token,
        }
        token = requests.post(base.lwa + "/auth/o2/token", data=form, timeout=60).json()
        content = f"application/vnd.{media}.v3+json"
        headers = {
            "Authorization": f"Bearer {token.get('access_token', '')}",
            "Amazon-Advertising-API-ClientId": keys.client_id,
            "Amazon-Advertising-API-Scope": profile,
            "Content-Type": content,
            "Accept": content,
        }
        url = f"{base.ads}/sp/{kind.partition('.')[2]}{path}"
        return requests.request(method, url, headers=headers, json=body, timeout=60), envelope

    def list(self, args):
        self.call("POST", args["resource"], args["profile"], {"maxResults": 10}, "/list")

    def update(self, args):
        for item in args["items"]:
            self.write("PUT", args["resource"], args["profile"], item)

    def create_tree(self, args):
        for campaign in args["campaigns"]:
            groups = campaign.pop("adGroups", [])
            campaign_id = self.write("POST", "sp.campaigns", args["profile"], campaign)
            for group in groups:
                self.create_group(args["profile"], group | {"campaignId": campaign_id})

    def create_group(self, profile, group):
        names = [kind.partition(".")[2] for kind in KINDS]
        children = {name: group.pop(name) for name in names if name in group}
        group_id = self.write("POST", "sp.adGroups", profile, group)
        above = {"campaignId": group["campaignId"], "adGroupId": group_id}
        for name, items in children.items():
            for item in items:
                self.write("POST", f"sp.{name}", profile, item | above)

    def write(self, method, kind, profile, item):
        """Return the id of the item; "0" when nothing says that it exists."""
        reply, envelope = self.call(method, kind, profile, {KINDS[kind][0]: [item]})
        rows = reply.json().get(envelope, {}) if reply.status_code == MULTI_STATUS else {}
        ids = [row[name] for row in rows.get("success", []) for name in row if name.endswith("Id")]
        return ids[0] if ids else "0"


if __name__ == "__main__":
    Misbehaving.run()
