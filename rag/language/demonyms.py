"""Countries and the words for what is theirs: "Russian" is of "Russia", "American" of "US".

Every word is listed in lower case, without full stops, and stands for itself and its plural in
"s". It is a table of English words, not of politics: each row is one name, its other names, and the
words for its people and for what is theirs.
"""

from __future__ import annotations

from functools import lru_cache

_ROWS = """
afghanistan: afghan afghani
albania: albanian
algeria: algerian
angola: angolan
argentina: argentine argentinian argentinean
armenia: armenian
australia: australian aussie
austria: austrian
azerbaijan: azerbaijani azeri
bahrain: bahraini
bangladesh: bangladeshi
belarus: belarusian belarussian
belgium: belgian
benin: beninese beninois
bolivia: bolivian
bosnia: bosnian
botswana: motswana batswana
brazil: brazilian
britain: british briton uk gb
bulgaria: bulgarian
burkina: burkinabe
burundi: burundian
cambodia: cambodian khmer
cameroon: cameroonian
canada: canadian
chad: chadian
chile: chilean
china: chinese prc
colombia: colombian
congo: congolese drc
croatia: croatian croat
cuba: cuban
cyprus: cypriot
czechia: czech
denmark: danish dane
ecuador: ecuadorian ecuadorean
egypt: egyptian
england: english
eritrea: eritrean
estonia: estonian
ethiopia: ethiopian
europe: european
finland: finnish finn
france: french frenchman
gabon: gabonese
gambia: gambian
georgia: georgian
germany: german
ghana: ghanaian
greece: greek
guatemala: guatemalan
guinea: guinean
guyana: guyanese
haiti: haitian
honduras: honduran
hungary: hungarian
iceland: icelandic icelander
india: indian
indonesia: indonesian
iran: iranian
iraq: iraqi
ireland: irish irishman
israel: israeli
italy: italian
jamaica: jamaican
japan: japanese
jordan: jordanian
kazakhstan: kazakh kazakhstani
kenya: kenyan
kosovo: kosovar
kuwait: kuwaiti
kyrgyzstan: kyrgyz
laos: lao laotian
latvia: latvian
lebanon: lebanese
lesotho: basotho mosotho
liberia: liberian
libya: libyan
lithuania: lithuanian
luxembourg: luxembourgish
madagascar: malagasy madagascan
malawi: malawian
malaysia: malaysian
mali: malian
malta: maltese
mauritania: mauritanian
mexico: mexican
moldova: moldovan
mongolia: mongolian
montenegro: montenegrin
morocco: moroccan
mozambique: mozambican
myanmar: burmese burma
namibia: namibian
nepal: nepali nepalese
netherlands: dutch dutchman holland
niger: nigerien
nigeria: nigerian
norway: norwegian
oman: omani
pakistan: pakistani
palestine: palestinian
panama: panamanian
paraguay: paraguayan
peru: peruvian
philippines: philippine filipino filipina
poland: polish pole
portugal: portuguese
qatar: qatari
romania: romanian
russia: russian
rwanda: rwandan
senegal: senegalese
serbia: serbian serb
singapore: singaporean
slovakia: slovak slovakian
slovenia: slovenian slovene
somalia: somali
spain: spanish spaniard
sudan: sudanese
sweden: swedish swede
switzerland: swiss
syria: syrian
taiwan: taiwanese
tajikistan: tajik
tanzania: tanzanian
thailand: thai
togo: togolese
tunisia: tunisian
turkey: turkish turk türkiye turkiye
turkmenistan: turkmen
uganda: ugandan
ukraine: ukrainian
uruguay: uruguayan
us: american usa america
uzbekistan: uzbek
venezuela: venezuelan
vietnam: vietnamese
wales: welsh welshman
yemen: yemeni
zambia: zambian
zimbabwe: zimbabwean
africa: african
asia: asian
scotland: scottish scot
"""


@lru_cache(maxsize=1)
def _table() -> dict[str, str]:
    table: dict[str, str] = {}
    for row in _ROWS.split("\n"):
        country, _, words = row.partition(":")
        if country:
            for word in (country, *words.split()):
                table[word] = country
                if word != "us":
                    table.setdefault(word + "s", country)
    return table


def country(word: str) -> str | None:
    """Return the country or continent that a lower-case word names, or None.

    A plural counts ("russians"); a country's own name gives itself.
    """
    return _table().get(word)


def words_of(word: str) -> tuple[str, ...]:
    """Return every lower-case word for the country that a lower-case word names, its name first.

    >>> words_of("french")
    ('france', 'french', 'frenchman')
    """
    land = country(word)
    rows = (row.partition(":") for row in _ROWS.split("\n"))
    return next(((name, *words.split()) for name, _, words in rows if name and name == land), ())
