"""Nationalities to choose from: ISO 3166-1 alpha-3 codes with names in the reader's language (Unicode CLDR)."""

from functools import lru_cache

from babel import Locale
from babel.core import get_global

from app.http.language import language

# Chinese citizens have documents of their own; these codes are no countries any more.
_NOT_OFFERED = frozenset({"CHN", "HKG", "MAC", "TWN", "BUR", "DDR", "FXX", "TMP", "YMD", "ZAR", "XXX", "ZZZ"})


def nationalities() -> list[tuple[str, str]]:
    """(code, name), sorted by name."""
    return _named(language())


def country_name(code: str) -> str:
    """In the reader's language; the code itself where there is no name."""
    return dict(nationalities()).get(code, code)


@lru_cache(maxsize=2)
def _named(reader: str) -> list[tuple[str, str]]:
    names = Locale(reader).territories
    pairs = ((code, places[0]) for code, places in get_global("territory_aliases").items() if len(places) == 1)
    found = [
        (code, str(names[place]))
        for code, place in pairs
        if len(code) == 3 and code.isalpha() and place in names and code not in _NOT_OFFERED
    ]
    return sorted(found, key=lambda pair: pair[1])
