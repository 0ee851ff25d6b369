"""Names that Faker generates: localized, repeatable, kept."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import unicodedata

import pytest

from adsmock.contracts.loader import load
from adsmock.mockserver.catalog.locales import LOCALES
from adsmock.mockserver.core.clock import TimeSource
from adsmock.mockserver.core.sandboxes import Sandboxes
from adsmock.mockserver.services.sandboxes.create import (
    ProfileRequest,
    SandboxRequest,
    make_sandbox,
)
from adsmock.mockserver.services.sandboxes.identities import (
    MAX_BRAND,
    brand_name,
    company_name,
    competing_brands,
    generate,
)
from adsmock.mockserver.services.sandboxes.state import dump_state, restore_state

CONTRACTS = load()
COUNTRIES = sorted(CONTRACTS.marketplaces)
SAMPLE = 200

ALPHABETS = {"JP": {"CJK", "IDEOGRAPHIC", "HIRAGANA", "KATAKANA"}} | {
    key: {"ARABIC"} for key in ("AE", "EG", "SA")
}
COMPANY_FORMS = {
    "US": "Inc|LLC|Ltd|PLC|Group",
    "CA": "Inc|LLC|Ltd|PLC|Group",
    "UK": "Ltd|PLC|Group",
    "MX": "S.A.|S.C.|S. R.L.|A.C.|e Hijos",
    "BR": "Ltda|S/A|EI",
    "DE": "GmbH|AG|KG|OHG",
    "FR": "SA|SARL|S.A.S",
    "IT": "SPA|s.r.l|Group|e figli",
    "ES": "S.A.|S.L.|S.Coop",
    "NL": "B.V.|BV|Groep|VOF",
    "BE": "NV|BV|VOF|CV",
    "PL": "Sp. z o.o|s.c.|S.A.|Sp.",
    "SE": "AB|HB",
    "TR": "Ltd|A.Ş.|Şti",
    "JP": "株式会社|有限会社|合同会社",
}
"""Legal forms, one of which is in some company name of the marketplace."""
POSTCODES = {
    "US": r"\b\d{5}\b",
    "CA": r"[A-Z]\d[A-Z] ?\d[A-Z]\d",
    "UK": r"\b[A-Z]{1,2}\d[\dA-Z]? \d[A-Z]{2}\b",
    "DE": r"\b\d{5}\b",
    "NL": r"\b\d{4} ?[A-Z]{2}\b",
    "PL": r"\b\d{2}-\d{3}\b",
    "JP": r"\d+丁目",
}


def fresh(seed=7, sandbox_id="s", server_seed=0, countries=("US", "DE", "JP")):
    profiles = tuple(
        ProfileRequest(CONTRACTS.marketplaces[each].region, each) for each in countries
    )
    wanted = SandboxRequest(id=sandbox_id, seed=seed, profiles=profiles)
    return make_sandbox(Sandboxes(seed=server_seed), CONTRACTS, wanted)


def names(sandbox, order=1):
    profiles = list(sandbox.profiles.values())[::order]
    made = {}
    for profile in profiles:
        made[profile.id] = (
            company_name(sandbox, profile),
            brand_name(sandbox, profile),
            *competing_brands(sandbox, profile, 3),
        )
    return made


def scripts(text):
    return {unicodedata.name(letter).split()[0] for letter in text if letter.isalpha()}


def test_every_marketplace_has_a_locale_and_each_borrowed_one_has_a_reason():
    assert sorted(LOCALES) == COUNTRIES
    borrowed = {
        country: row
        for country, row in LOCALES.items()
        if row.addresses or not row.names.endswith({"UK": "GB"}.get(country, country))
    }
    assert all(row.reason for row in borrowed.values())


@pytest.mark.parametrize("country", COUNTRIES)
def test_names_are_in_the_alphabet_of_the_marketplace(country):
    alphabet = ALPHABETS.get(country, {"LATIN"})
    for kind in ("company", "brand", "person", "address"):
        found = [generate(country, kind, number) for number in range(20)]
        assert len(set(found)) > 10
        for text in found:
            assert scripts(text) & alphabet, (kind, text)
            assert "\n" not in text
            if kind in {"brand", "person"} or alphabet == {"LATIN"}:
                strange = scripts(text) - alphabet - {"MASCULINE", "FEMININE", "MODIFIER"}
                assert not strange, (kind, text)


@pytest.mark.parametrize(("country", "forms"), COMPANY_FORMS.items())
def test_companies_have_the_legal_forms_of_the_marketplace(country, forms):
    known = re.compile(forms.replace(".", r"\."))
    assert any(known.search(generate(country, "company", number)) for number in range(SAMPLE))


@pytest.mark.parametrize(("country", "postcode"), POSTCODES.items())
def test_addresses_have_the_format_of_the_marketplace(country, postcode):
    for number in range(20):
        assert re.search(postcode, generate(country, "address", number))


@pytest.mark.parametrize("country", COUNTRIES)
def test_email_addresses_are_ascii_in_a_domain_that_nobody_owns(country):
    for number in range(20):
        found = generate(country, "email", number)
        assert re.fullmatch(r"[a-z0-9._-]+@example\.(com|net|org)", found), found


@pytest.mark.parametrize("country", COUNTRIES)
def test_a_brand_is_short_enough_for_every_headline(country):
    assert all(len(generate(country, "brand", number)) <= MAX_BRAND for number in range(SAMPLE))


def test_the_same_seed_gives_the_same_names_in_any_order():
    assert names(fresh()) == names(fresh(), order=-1)
    first, second = fresh(), fresh()
    for profile in first.profiles.values():
        company_name(first, profile)
    assert names(first) == names(second)


@pytest.mark.parametrize("other", [{"seed": 8}, {"sandbox_id": "t"}, {"server_seed": 1}])
def test_other_sandboxes_have_other_names(other):
    assert set(names(fresh()).values()).isdisjoint(names(fresh(**other)).values())


@pytest.mark.parametrize("country", COUNTRIES)
def test_competing_brands_are_all_different(country):
    sandbox = fresh(countries=(country,))
    (profile,) = sandbox.profiles.values()
    brands = [brand_name(sandbox, profile), *competing_brands(sandbox, profile, 9)]
    assert len(set(brands)) == 10


def test_a_sandbox_and_its_snapshot_keep_their_names(monkeypatch):
    sandbox = fresh()
    before = names(sandbox)
    content = json.loads(json.dumps(dump_state(sandbox)))
    monkeypatch.setattr(  # as a later version of Faker would
        "adsmock.mockserver.services.sandboxes.identities.generate", lambda *_: "Other"
    )
    assert names(sandbox) == before
    restored = fresh()
    assert company_name(restored, next(iter(restored.profiles.values()))) == "Other"
    restore_state(restored, content, CONTRACTS, TimeSource())
    assert names(restored) == before


LOADED = """
import json, sys
from adsmock.mockserver.services.sandboxes.identities import _source, generate
before = [name for name in sys.modules if name.split(".")[0] == "faker"]
generate("DE", "company", 1)
providers = _source("de_DE", "de_DE").generator.get_providers()
json.dump({"before": before, "providers": [each.__provider__ for each in providers]}, sys.stdout)
"""


def test_faker_is_loaded_at_the_first_name_with_the_needed_providers_only():
    done = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, check=True)
    found = json.loads(done.stdout)
    assert found["before"] == []
    wanted = {f"faker.providers.{name}" for name in ("person", "company", "address", "internet")}
    assert set(found["providers"]) == wanted


TOGETHER = """
import json, sys
from concurrent.futures import ThreadPoolExecutor
from adsmock.mockserver.command.serve import load_names
from adsmock.mockserver.services.sandboxes.identities import _source, generate
countries = ["US", "DE", "JP"]
with ThreadPoolExecutor(2) as pool:
    loading = pool.submit(load_names, countries)
    found = pool.submit(lambda: [generate(country, "company", 1) for country in countries])
    loading.result()
loaded = _source.cache_info().misses
again = [generate(country, "company", 1) for country in countries]
json.dump([found.result(), again, loaded, _source.cache_info().misses], sys.stdout)
"""


def test_names_that_are_loaded_ahead_are_those_of_a_call_at_the_same_time():
    done = subprocess.run([sys.executable, "-c", TOGETHER], capture_output=True, check=True)
    found, again, loaded, after = json.loads(done.stdout)
    assert found == again
    assert loaded == after
