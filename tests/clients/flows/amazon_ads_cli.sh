# What a user of amazon-ads-cli types; it knows nothing of any mock.
set -e
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
cat > "$folder/credentials.yml" <<END
default:
  client_id: $CLIENT_ID
  client_secret: $CLIENT_SECRET
  refresh_token: $REFRESH_TOKEN
  profile_id: "$PROFILE_ID"
END
python=$1
run() { "$python" -m amazon_ads_cli -c "$folder/credentials.yml" "$@" 2> "$folder/err" || { cat "$folder/err" >&2; exit 1; }; }

run campaigns list > "$folder/before"
echo "read: $(grep -c . "$folder/before") lines"
run campaigns create --name Kettles --budget 10 --targeting-type manual > "$folder/made"
run campaigns list > "$folder/after"
grep Kettles "$folder/after" > /dev/null
echo "write: $(grep -c . "$folder/after") lines"
echo "export: not offered"
run report today > "$folder/report"
grep -i -E "campaign|impressions" "$folder/report" > /dev/null
echo "report: $(grep -c . "$folder/report") lines"
