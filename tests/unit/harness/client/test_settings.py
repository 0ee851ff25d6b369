"""Where the client works and as whom, as its environment says."""

import pytest

from adsmock.contracts.loader import load
from adsmock.harness.client import Settings
from adsmock.harness.client.errors import Misuse

HELD = {"CLIENT_ID": "me", "CLIENT_SECRET": "hush", "REFRESH_TOKEN": "again"}


def test_environment_without_addresses_leads_to_the_real_hosts():
    settings = Settings.from_environment(HELD)
    for name, region in load().regions.items():
        assert settings.endpoints[name].ads == f"https://{region.ads_host}"
        assert settings.endpoints[name].lwa == f"https://{region.lwa_host}"
    assert (settings.profiles, settings.ca_bundle) == ({}, None)


def test_environment_names_addresses_profiles_and_certificates():
    words = {"ADS_EU": "http://eu/", "LWA_EU": "http://lwa", "PROFILE_ID_EU": "7"}
    settings = Settings.from_environment(HELD | words | {"REQUESTS_CA_BUNDLE": "ca.pem"})
    assert (settings.endpoints["EU"].ads, settings.endpoints["EU"].lwa) == (
        "http://eu",
        "http://lwa",
    )
    assert settings.endpoints["NA"].ads.startswith("https://")
    assert (settings.profiles, settings.ca_bundle) == ({"7": "EU"}, "ca.pem")


@pytest.mark.parametrize("name", HELD)
def test_missing_credential_is_named_and_none_is_shown(name):
    with pytest.raises(Misuse, match=f"set {name}$"):
        Settings.from_environment(HELD | {name: ""})
    assert "hush" not in repr(Settings.from_environment(HELD))
