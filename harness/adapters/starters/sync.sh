#!/bin/sh
# A program for --cmd: adsmock starts it once for each case, and ADSMOCK_TASK names the work.
#
# Works as it is, with curl and python3. Replace the calls with your own code. curl obeys Retry-After
# and repeats what failed as a whole; the script reads only the first page and no 207 rows.
set -eu

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

token() { # region, base of Login with Amazon
    if [ ! -f "$folder/$1" ]; then
        curl --silent --fail --max-time 60 --retry 5 "$2/auth/o2/token" \
            --data-urlencode grant_type=refresh_token \
            --data-urlencode "client_id=$CLIENT_ID" \
            --data-urlencode "client_secret=$CLIENT_SECRET" \
            --data-urlencode "refresh_token=$REFRESH_TOKEN" |
            python3 -c 'import json, sys; print(json.load(sys.stdin)["access_token"])' >"$folder/$1"
    fi
    cat "$folder/$1"
}

# One line for each call: method, region, profile or -, path, media type or -, body or -. To wait
# has a line of its own: IDLE and the seconds.
python3 - >"$folder/work" <<'PYTHON'
import json, os

task = json.load(open(os.environ["ADSMOCK_TASK"], encoding="utf-8"))
home = {row["profileId"]: row["region"] for row in task["profiles"]}
kinds = {
    "sp.campaigns": ("campaigns", "spCampaign"),
    "sp.adGroups": ("adGroups", "spAdGroup"),
    "sp.productAds": ("productAds", "spProductAd"),
    "sp.keywords": ("keywords", "spKeyword"),
    "sp.negativeKeywords": ("negativeKeywords", "spNegativeKeyword"),
    "sp.campaignNegativeKeywords": ("campaignNegativeKeywords", "spCampaignNegativeKeyword"),
    "sp.targets": ("targetingClauses", "spTargetingClause"),
}
for row in task["tasks"]:
    verb, args = row["verb"], row["args"]
    if verb not in {"list_profiles", "list", "create", "idle"}:
        print("UNSUPPORTED", verb, sep="\t")
    if verb == "list_profiles":
        for region in task["regions"]:
            print("GET", region, "-", "/v2/profiles", "-", "-", sep="\t")
    if verb == "idle":
        print("IDLE", args["seconds"], sep="\t")
    if verb in {"list", "create"}:
        envelope, kind = kinds[args["resource"]]
        path = "/sp/" + args["resource"].split(".")[1]
        if verb == "list":
            path, body = path + "/list", dict(args.get("filter", {}))
            if "pageSize" in args:
                body["maxResults"] = args["pageSize"]
        else:
            body = {envelope: args["items"]}
        media = f"application/vnd.{kind}.v3+json"
        profile = args["profile"]
        print("POST", home[profile], profile, path, media, json.dumps(body), sep="\t")
PYTHON

failed=0
tab=$(printf '\t')
while IFS="$tab" read -r method region profile path media body; do
    if [ "$method" = IDLE ]; then
        sleep "$region"
        continue
    fi
    if [ "$method" = UNSUPPORTED ]; then
        echo "$region: this program does no such task"
        failed=1
        continue
    fi
    eval "ads=\$ADS_$region lwa=\$LWA_$region"
    if ! access=$(token "$region" "$lwa") || [ -z "$access" ]; then
        echo "$method $path: no token for $region"
        failed=1
        continue
    fi
    set -- --silent --fail --show-error --max-time 300 --retry 5 --output /dev/null \
        --request "$method" --header "Amazon-Advertising-API-ClientId: $CLIENT_ID" \
        --header "Authorization: Bearer $access"
    [ "$profile" = - ] || set -- "$@" --header "Amazon-Advertising-API-Scope: $profile"
    [ "$media" = - ] || set -- "$@" --header "Content-Type: $media" --header "Accept: $media"
    if [ "$body" != - ]; then
        printf '%s' "$body" >"$folder/body"
        set -- "$@" --data-binary "@$folder/body"
    fi
    if ! curl "$@" "$ads$path" </dev/null; then
        echo "$method $path: failed"
        failed=1
    fi
done <"$folder/work"
exit "$failed"
