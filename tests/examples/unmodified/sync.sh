#!/bin/sh
# Campaign sync as a partner wrote it: the hosts are Amazon's, nothing here knows of a mock.
set -eu

member() { sed -n "s/.*\"$1\": *\"\{0,1\}\([^\",}]*\).*/\1/p"; }

sync() {
    region=$1 ads=$2 lwa=$3
    token=$(curl --fail --silent --show-error "$lwa/auth/o2/token" \
        --data grant_type=refresh_token \
        --data-urlencode "refresh_token=$REFRESH_TOKEN" \
        --data-urlencode "client_id=$CLIENT_ID" \
        --data-urlencode "client_secret=$CLIENT_SECRET" | member access_token)
    if [ -z "$token" ]; then
        echo "$region: no token"
        failed=1
        return
    fi
    set -- --header "Authorization: Bearer $token" \
        --header "Amazon-Advertising-API-ClientId: $CLIENT_ID"
    profiles=$(curl --fail --silent --show-error "$ads/v2/profiles" "$@" |
        tr '{' '\n' | member profileId)
    campaigns=0
    for profile in $profiles; do
        found=$(curl --fail --silent --show-error "$ads/sp/campaigns/list" "$@" \
            --header "Amazon-Advertising-API-Scope: $profile" \
            --header "Content-Type: application/vnd.spCampaign.v3+json" \
            --header "Accept: application/vnd.spCampaign.v3+json" \
            --data '{"maxResults": 100}' | grep -o '"campaignId"' | wc -l)
        campaigns=$((campaigns + found))
    done
    echo "$region: $(echo "$profiles" | wc -l | tr -d ' ') profiles, $campaigns campaigns"
}

failed=0
sync NA https://advertising-api.amazon.com https://api.amazon.com
sync EU https://advertising-api-eu.amazon.com https://api.amazon.co.uk
sync FE https://advertising-api-fe.amazon.com https://api.amazon.co.jp
exit "$failed"
