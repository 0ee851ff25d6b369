"""The Faker locale of each marketplace, for names and addresses, and the domain of its shop."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Locale:
    """Faker's locale for names, and for addresses where it differs (empty: the same).

    ``reason`` says why a marketplace has no locale of its own.
    """

    names: str
    addresses: str = ""
    reason: str = ""


LOCALES: dict[str, Locale] = {
    "US": Locale("en_US"),
    "CA": Locale("en_CA"),
    "MX": Locale("es_MX"),
    "BR": Locale("pt_BR"),
    "UK": Locale("en_GB"),
    "DE": Locale("de_DE"),
    "FR": Locale("fr_FR"),
    "IT": Locale("it_IT"),
    "ES": Locale("es_ES"),
    "NL": Locale("nl_NL"),
    "BE": Locale("nl_BE"),
    "IE": Locale("en_GB", "en_IE", "companies and brands use the British lists"),
    "PL": Locale("pl_PL"),
    "SE": Locale("sv_SE"),
    "TR": Locale("tr_TR", "en_GB", "Faker has no Turkish addresses"),
    "AE": Locale("ar_SA", "ar_DZ", "Faker has no ar_AE, and Arabic addresses for Algeria alone"),
    "SA": Locale("ar_SA", "ar_DZ", "Faker has Arabic addresses for Algeria alone"),
    "EG": Locale("ar_SA", "ar_DZ", "Faker has no ar_EG, and Arabic addresses for Algeria alone"),
    "IN": Locale("en_IN"),
    "ZA": Locale("en_GB", "zu_ZA", "Faker has no en_ZA; its zu_ZA has the cities"),
    "JP": Locale("ja_JP"),
    "AU": Locale("en_GB", "en_AU", "Faker's en_AU has no names"),
    "SG": Locale("en_GB", "", "Faker has no en_SG"),
}

SITES: dict[str, str] = {
    "US": "amazon.com",
    "CA": "amazon.ca",
    "MX": "amazon.com.mx",
    "BR": "amazon.com.br",
    "UK": "amazon.co.uk",
    "DE": "amazon.de",
    "FR": "amazon.fr",
    "IT": "amazon.it",
    "ES": "amazon.es",
    "NL": "amazon.nl",
    "BE": "amazon.com.be",
    "IE": "amazon.ie",
    "PL": "amazon.pl",
    "SE": "amazon.se",
    "TR": "amazon.com.tr",
    "AE": "amazon.ae",
    "SA": "amazon.sa",
    "EG": "amazon.eg",
    "IN": "amazon.in",
    "ZA": "amazon.co.za",
    "JP": "amazon.co.jp",
    "AU": "amazon.com.au",
    "SG": "amazon.sg",
}
"""The domain of each marketplace's shop."""
