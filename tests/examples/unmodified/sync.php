<?php
// Campaign sync as a partner wrote it: the hosts are Amazon's, nothing here knows of a mock.

const REGIONS = [
    'NA' => ['https://advertising-api.amazon.com', 'https://api.amazon.com'],
    'EU' => ['https://advertising-api-eu.amazon.com', 'https://api.amazon.co.uk'],
    'FE' => ['https://advertising-api-fe.amazon.com', 'https://api.amazon.co.jp'],
];

function call(string $url, array $headers, ?string $body = null): array
{
    $curl = curl_init($url);
    curl_setopt_array($curl, [CURLOPT_RETURNTRANSFER => true, CURLOPT_HTTPHEADER => $headers, CURLOPT_TIMEOUT => 60]);
    if ($body !== null) {
        curl_setopt($curl, CURLOPT_POSTFIELDS, $body);
    }
    $text = curl_exec($curl);
    $status = curl_getinfo($curl, CURLINFO_RESPONSE_CODE);
    if ($text === false || $status !== 200) {
        throw new RuntimeException("$url: " . ($text === false ? curl_error($curl) : "$status $text"));
    }
    return json_decode($text, true, 512, JSON_BIGINT_AS_STRING | JSON_THROW_ON_ERROR);
}

function sync(string $region, string $ads, string $lwa): void
{
    $client = getenv('CLIENT_ID');
    $token = call("$lwa/auth/o2/token", [], http_build_query([
        'grant_type' => 'refresh_token',
        'refresh_token' => getenv('REFRESH_TOKEN'),
        'client_id' => $client,
        'client_secret' => getenv('CLIENT_SECRET'),
    ]))['access_token'];
    $headers = ["Authorization: Bearer $token", "Amazon-Advertising-API-ClientId: $client"];
    $profiles = call("$ads/v2/profiles", $headers);
    $campaigns = 0;
    foreach ($profiles as $profile) {
        $campaigns += count(call("$ads/sp/campaigns/list", [
            ...$headers,
            "Amazon-Advertising-API-Scope: {$profile['profileId']}",
            'Content-Type: application/vnd.spCampaign.v3+json',
            'Accept: application/vnd.spCampaign.v3+json',
        ], '{"maxResults": 100}')['campaigns']);
    }
    echo "$region: ", count($profiles), " profiles, $campaigns campaigns\n";
}

foreach (REGIONS as $region => [$ads, $lwa]) {
    sync($region, $ads, $lwa);
}
