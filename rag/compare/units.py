"""Units and currencies: which words name one, and its factor to a base unit.

The factors are exact by definition (international yard and pound agreement of 1959; BIPM, The
International System of Units, 9th edition) except for mean month and year. A table of this size
stands in for `pint`, whose registry takes half a second to build: longer than an answer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of measure: ``value * factor`` is in the base unit of its dimension."""

    dimension: str
    factor: float
    name: str


def _table() -> dict[str, Unit]:
    rows = """
    length 0.001 mm millimetre millimetres millimeter millimeters
    length 0.01 cm centimetre centimetres centimeter centimeters
    length 1 m metre metres meter meters
    length 1000 km kms kilometre kilometres kilometer kilometers
    length 0.0254 inch inches
    length 0.3048 ft foot feet
    length 0.9144 yard yards
    length 1609.344 mile miles mi
    length 1852 nautical-mile nautical-miles
    mass 0.001 g gram grams gramme grammes
    mass 1 kg kgs kilo kilos kilogram kilograms kilogramme kilogrammes
    mass 1000 t tonne tonnes metric-ton metric-tons
    mass 907.18474 ton tons
    mass 0.45359237 lb lbs
    mass 0.028349523125 ounce ounces oz
    volume 0.001 ml millilitre millilitres milliliter milliliters
    volume 1 litre litres liter liters
    volume 1000 cubic-metre cubic-metres cubic-meter cubic-meters
    volume 3.785411784 gallon gallons
    volume 158.987294928 barrel barrels
    area 1 square-metre square-metres square-meter square-meters
    area 10000 hectare hectares ha
    area 1000000 square-kilometre square-kilometres square-kilometer square-kilometers
    area 4046.8564224 acre acres
    area 2589988.110336 square-mile square-miles
    area 0.09290304 square-foot square-feet
    speed 0.2777777777777778 km/h kmh kph
    speed 0.44704 mph
    speed 0.5144444444444445 knot knots
    time 1 seconds sec secs
    time 60 minute minutes min mins
    time 3600 hour hours hr hrs
    time 86400 day days
    time 604800 week weeks
    time 1209600 fortnight fortnights
    time 2629746 month months
    time 31556952 year years
    time 315569520 decade decades
    time 3155695200 century centuries
    power 1 watt watts
    power 1000 kw kilowatt kilowatts
    power 1000000 mw megawatt megawatts
    power 1000000000 gw gigawatt gigawatts
    energy 1 kwh kilowatt-hour kilowatt-hours
    energy 1000 mwh megawatt-hour megawatt-hours
    percent 1 % percent per-cent pct percentage-points percentage-point
    """
    table: dict[str, Unit] = {}
    for row in rows.split("\n"):
        if row.strip():
            dimension, factor, *names = row.split()
            for name in names:
                table[name.replace("-", " ")] = Unit(dimension, float(factor), names[0])
    # A short and a metric ton differ by a tenth, and papers write "tons" for both: see numbers.
    return table


UNITS = _table()
# Compound units that a speed is written with, as they follow a number.
_SPEED = {
    r"(?:kilomet(?:re|er)s?|kms?)\s*(?:per|an|/)\s*(?:hour|h)\b": "km/h",
    r"miles?\s*(?:per|an|/)\s*hour\b": "mph",
}
_TEMPERATURE = re.compile(r"\s*(?:°\s*([CF])\b|degrees?\s+(celsius|centigrade|fahrenheit)\b|"
                          r"(celsius|fahrenheit)\b)", re.IGNORECASE)
_UNIT = re.compile(
    r"[\s-]*(" + "|".join(re.escape(n).replace(r"\ ", r"[\s-]+")
                          for n in sorted(UNITS, key=len, reverse=True)) + r")(?![A-Za-z/])",
    re.IGNORECASE)

# ISO 4217 codes of the signs and words that news writes most; a bare "dollar" or "pound" is its
# own currency here, compared as equal to the one whose country is named.
CURRENCY_SIGNS = {
    "US$": "USD", "A$": "AUD", "AU$": "AUD", "C$": "CAD", "CA$": "CAD", "NZ$": "NZD",
    "HK$": "HKD", "S$": "SGD", "R$": "BRL", "$": "dollar", "£": "pound", "€": "EUR",
    "¥": "yen-or-yuan", "₦": "NGN", "₹": "INR", "₽": "RUB", "₩": "KRW", "₺": "TRY", "₴": "UAH",
    "₱": "PHP", "₪": "ILS", "₫": "VND", "GH₵": "GHS", "N": "NGN", "R": "ZAR", "Rs": "rupee",
}
CURRENCY_CODES = frozenset(
    "USD AUD CAD NZD HKD SGD BRL GBP EUR JPY CNY NGN INR RUB KRW TRY UAH PHP ILS VND GHS ZAR PKR "
    "KES UGX TZS EGP MAD XOF XAF CHF SEK NOK DKK PLN CZK HUF MXN ARS CLP COP THB IDR MYR SAR AED"
    .split())
_CURRENCY_WORDS = {
    "us dollar": "USD", "american dollar": "USD", "australian dollar": "AUD",
    "canadian dollar": "CAD", "dollar": "dollar", "pound sterling": "GBP", "british pound": "GBP",
    "egyptian pound": "EGP", "pound": "pound", "euro": "EUR", "naira": "NGN", "rouble": "RUB",
    "ruble": "RUB", "yen": "JPY", "yuan": "CNY", "renminbi": "CNY", "indian rupee": "INR",
    "pakistani rupee": "PKR", "rupee": "rupee", "rand": "ZAR", "cedi": "GHS", "franc": "franc",
    "swiss franc": "CHF", "cfa franc": "XOF", "krona": "krona", "kronor": "krona",
    "krone": "krone", "kroner": "krone", "peso": "peso", "lira": "lira", "hryvnia": "UAH",
    "zloty": "PLN", "reais": "BRL", "dirham": "dirham",
    "riyal": "riyal", "shilling": "shilling", "cent": "cent", "pence": "pence",
}
_CURRENCY_WORD = re.compile(
    r"[\s-]*(" + "|".join(w.replace(" ", r"\s+")
                          for w in sorted(_CURRENCY_WORDS, key=len, reverse=True))
    + r")s?\b(?!\s+(?:over|against|by|the))", re.IGNORECASE)
_FAMILIES = {
    "dollar": frozenset("USD AUD CAD NZD HKD SGD".split()),
    "pound": frozenset(("GBP", "EGP")),
    "rupee": frozenset(("INR", "PKR")),
    "franc": frozenset(("CHF", "XOF", "XAF")),
    "krona": frozenset(("SEK",)),
    "krone": frozenset(("NOK", "DKK")),
    "peso": frozenset(("MXN", "ARS", "CLP", "COP", "PHP")),
    "lira": frozenset(("TRY",)),
    "dirham": frozenset(("AED", "MAD")),
    "riyal": frozenset(("SAR",)),
    "shilling": frozenset(("KES", "UGX", "TZS")),
    "yen-or-yuan": frozenset(("JPY", "CNY")),
}


def unit_after(text: str, at: int) -> tuple[Unit, int] | None:
    """Return the unit that is written at ``text[at:]`` and where it ends.

    >>> unit_after("5 miles away", 1)[0].name
    'mile'
    """
    for pattern, name in _SPEED.items():
        if found := re.compile(r"[\s-]*" + pattern, re.IGNORECASE).match(text, at):
            return UNITS[name], found.end()
    if found := _TEMPERATURE.match(text, at):
        scale = (found[1] or found[2] or found[3])[0].upper()
        return Unit("temperature", 1.0, "F" if scale == "F" else "C"), found.end()
    found = _UNIT.match(text, at)
    if not found:
        return None
    name = re.sub(r"[\s-]+", " ", found[1].lower())
    # A lone letter is a unit only for metres and grams: "3 t" may be anything.
    if name == "t":
        return None
    return UNITS[name], found.end()


def currency_after(text: str, at: int) -> tuple[str, int] | None:
    """Return the currency that is named at ``text[at:]`` and where its name ends.

    >>> currency_after("310 billion naira", 11)
    ('NGN', 17)
    """
    if found := _CURRENCY_WORD.match(text, at):
        return _CURRENCY_WORDS[re.sub(r"\s+", " ", found[1].lower())], found.end()
    if (found := re.compile(r"\s*([A-Z]{3})\b").match(text, at)) and found[1] in CURRENCY_CODES:
        return found[1], found.end()
    if found := re.compile(r"\s*([€£₦₹₽])").match(text, at):
        return CURRENCY_SIGNS[found[1]], found.end()
    return None


def same_currency(a: str, b: str) -> bool:
    """Whether two currency names may mean the same money.

    >>> same_currency("dollar", "USD"), same_currency("USD", "AUD")
    (True, False)
    """
    return a == b or b in _FAMILIES.get(a, ()) or a in _FAMILIES.get(b, ())
