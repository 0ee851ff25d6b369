"""The headers of a call with a token of the default sandbox."""

import requests


def headers_of(mock):
    """Return the headers of a call for the default sandbox's first profile in NA."""
    own = mock.default.credentials
    form = {
        "grant_type": "refresh_token",
        "refresh_token": own.refresh_token,
        "client_id": own.client_id,
        "client_secret": own.client_secret,
    }
    token = requests.post(f"{mock.urls['NA']['lwa']}/auth/o2/token", form, timeout=60).json()
    profile = next(each for each in mock.default.profiles.values() if each.region == "NA")
    return {
        "Authorization": f"Bearer {token['access_token']}",
        "Amazon-Advertising-API-ClientId": own.client_id,
        "Amazon-Advertising-API-Scope": profile.id,
    }
