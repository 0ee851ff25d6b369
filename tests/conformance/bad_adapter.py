"""An adapter that is wrong in each verb, for test_adapter_check.py. It does not use the kit.

``deaf`` as its argument: it never exits by itself. ``ends``: it ends before its first answer.
"""

import json
import sys
import time
import urllib.error
import urllib.request

MODE = (sys.argv[1:] or ["plain"])[0]
MEDIA = "application/vnd.spCampaign.v3+json"
TOKENS = {}


def send(url, body, headers, method="POST"):
    request = urllib.request.Request(url, data=body, headers=headers, method=method)
    with urllib.request.urlopen(request, timeout=30) as reply:
        return json.load(reply)


def token(request, region):
    keys = request["credentials"]
    base = request["regions"][region]["lwa"]
    if base not in TOKENS:
        form = (
            f"grant_type=refresh_token&client_id={keys['clientId']}"
            f"&client_secret={keys['clientSecret']}&refresh_token={keys['refreshToken']}"
        )
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        TOKENS[base] = send(base + "/auth/o2/token", form.encode(), kind)["access_token"]
    return TOKENS[base]


def call(request, path, body=None, method="POST", region="NA"):
    # Every call goes to NA with its first profile, whatever the task says.
    profile = next(row["profileId"] for row in request["profiles"] if row["region"] == region)
    headers = {
        "Authorization": f"Bearer {token(request, region)}",
        "Amazon-Advertising-API-ClientId": request["credentials"]["clientId"],
        "Amazon-Advertising-API-Scope": profile,
        "Content-Type": MEDIA,
        "Accept": MEDIA if path.startswith("/sp") else "application/json",
    }
    data = None if body is None else json.dumps(body).encode()
    return send(request["regions"][region]["ads"] + path, data, headers, method)


def list_profiles(request):
    call(request, "/v2/profiles", method="GET")
    return {"status": "done"}


def list_(request):
    page = call(request, "/sp/campaigns/list", {"maxResults": 3})
    return {"status": "done", "done": len(page["campaigns"])}


def create(request):
    call(request, "/sp/campaigns", {"campaigns": request["args"]["items"]})
    return {"status": "done", "done": 2}


def update(request):
    return {"status": "done", "done": 1}


def modify(request):
    page = call(request, "/sp/campaigns/list", {})
    changed = [
        {
            "campaignId": one["campaignId"],
            "budget": one["budget"] | {"budget": one["budget"]["budget"] + 5},
        }
        for one in page["campaigns"]
    ]
    call(request, "/sp/campaigns", {"campaigns": changed}, method="PUT")
    return {"status": "done"}


def archive(request):
    call(request, "/sp/campaigns/delete", {"ids": request["args"]["ids"]})
    return {"status": "done"}


def create_tree(request):
    sys.stdout.write("creating a tree\n")
    return {"status": "done"}


def export(request):
    sys.stderr.write("MemoryError: export is too large\n")
    raise SystemExit(9)


def report(request):
    return {"status": "perfect"}


def reports(request):
    return {"status": "failed", "error": "no column cost"}


def steady(request):
    call(request, "/sp/campaigns/list", {})
    return {"status": "done"}


def subscribe_stream(request):
    return {"status": "done"}


def consume_stream(request):
    return {"status": "done", "sums": {}}


def raise_budgets(request):
    return {"status": "done"}


def apply_recommendations(request):
    return {"status": "done"}


def run_workflow(request):
    return {"status": "done"}


def schedule_workflow(request):
    return {"status": "done"}


def idle(request):
    return {"status": "done"}


def exports(request):
    request["id"] += 1
    return {"status": "done"}


def sync_metadata(request):
    time.sleep(60)  # noqa: TID251 -- a program of its own
    return {"status": "done"}


VERBS = globals() | {"list": list_}

if MODE == "ends":
    sys.exit("no module named ads")
for line in sys.stdin:
    asked = json.loads(line)
    if asked["verb"] == "shutdown":
        break
    try:
        verb = VERBS.get(asked["verb"]) if asked["verb"] != "get" else None
        answer = verb(asked) if verb else {"status": "unsupported"}
    except (urllib.error.URLError, LookupError, TypeError) as error:
        answer = {"status": "failed", "error": str(error)}
    sys.stdout.write(json.dumps({"id": asked["id"], **answer}) + "\n")
    sys.stdout.flush()
if MODE == "deaf":
    time.sleep(60)  # noqa: TID251 -- a program of its own
