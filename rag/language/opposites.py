"""English words that mean nearly the same, and words that exclude each other.

A short list of the commonest verbs, nouns and adjectives of news. It says of two words only what
holds in nearly every sentence; what depends on the sentence (lift and impose, buy and sell) is
left out.
"""

from __future__ import annotations

from functools import lru_cache

from rag.language.terms import terms

_SAME = """
send dispatch deploy ship deliver supply provide
arrive land come reach
oust overthrow topple depose remove unseat
help assist support aid back
teach train instruct
trainer instructor teacher coach
soldier troop serviceman military army
lead head run command
leader head chief
begin start launch commence open
end finish conclude
stop halt cease suspend
build construct erect
buy purchase acquire
die perish killed dead
kill murder slay
win victory victorious beat defeat
attack assault raid strike
say state tell announce declare claim
respond reply react answer
rise increase grow climb jump
fall decrease decline drop shrink
plane aircraft airplane jet
car vehicle automobile
doctor physician
country nation state
city town
company firm business
big large huge
small little tiny
rich wealthy prosperous
poor impoverished poorest poorer
job post position
work cooperate collaborate
child kid
house home
fire blaze
deal agreement accord pact treaty
plan intend aim
aim goal purpose objective mission
ban forbid forbidden prohibit outlaw
permit allow authorise authorize approve
show display exhibit
hurt injure wound
stay remain keep
support welcome back favour
discover find
refuse decline reject
cancel suspend scrap axe
close shut
appeal challenge
award medal prize honour
biggest largest
withdraw retract
refund reimburse
mend repair fix
extra more
hospital clinic
flee escape
arrest detain
jail imprison prison
cost price
old aged
marry wed married wife husband
elect vote chosen
resign quit
create found establish set
defense defence
government administration
coup putsch takeover
rebel insurgent jihadist militant islamist
improve better
worsen worse deteriorate
withstand withstood survive hold
employee worker staff
wage salary pay
pupil student schoolchild
inquiry investigation probe
score grade mark
compensation damages payout
lawyer solicitor attorney barrister
chair chairman chairwoman
author writer
film movie
photo photograph picture
shop store
ship boat vessel
resident inhabitant villager islander townspeople
visitor tourist
crash accident collision
ruling verdict judgment
ballot vote
vaccine jab
infectious contagious
spread transmit
sack dismiss
hire recruit employ
criticise condemn
admit acknowledge confess
promise pledge vow
donate give
lend loan
demolish raze
rescue save
delay postpone defer
extend prolong
expand enlarge
reduce cut lower
raise increase
approve endorse
veto block
capture catch
exonerate exonerated absolve
renovate refurbish restore
rebuild reconstruct
move relocate shift
leave depart
check inspect examine
publish release
hide conceal
steal rob
damage harm
protest demonstrate
prevent avert block
try attempt
need require
want wish
expect anticipate
ill sick unwell
quickly fast
rubbish waste litter
"""
_OPPOSITE = """
rich wealthy prosperous | poor impoverished poorest poorer
big large huge larger biggest largest | small little tiny smaller smallest
alive living | dead died killed
legal lawful | illegal unlawful
guilty convict | innocent acquit acquitted cleared
survive survivor | die drown perish killed dead
support welcome favour | oppose
open | shut
rich wealthy | penniless bankrupt
accept | reject decline
true | false untrue
safe | dangerous unsafe
success successful succeed | fail failure unsuccessful failed
accept agree approve | reject refuse decline oppose
win won victory | lose lost defeat
confirm | deny denied
rise increase grow climb | fall decrease decline drop shrink
first | last
old older oldest | new newer newest young younger youngest
high higher highest | low lower lowest
support back | oppose
free | paid
public | private
open | closed
cheap | expensive
hot | cold
early earlier | late later
majority | minority
male man | female woman
north northern | south southern
east eastern | west western
improve better | worsen worse deteriorate
blame | exonerate exonerated absolve acquit
hold withstand withstood | burst collapse crumble
praise | criticise condemn
raise increase | cut reduce lower
hire recruit | sack dismiss
preserve restore | demolish destroy raze
permit allow authorise | ban forbid forbidden prohibit outlaw bar
include | exclude
agree | disagree
profit | loss
permanent | temporary
presidential | parliamentary legislative
strengthen | weaken
remember | forget
full | empty
married | unmarried divorced
pass | fail
proceed continue | cancel scrap axe
reopen | shut close
"""

# Keys before which "un" does not make the opposite: "uncover", "unless"; nor before short ones.
_NOT_TURNED = frozenset("cover earth less like load fold veil ravel leash".split())
_SHORTEST = 4


def alike(key: str) -> frozenset[str]:
    """Return the keys of words that mean nearly the same as the word with this key."""
    return _tables()[0].get(key, frozenset())


def opposite(key: str) -> frozenset[str]:
    """Return the keys of words that exclude the word with this key, "unhurt" of "hurt" too."""
    return _tables()[1].get(key, frozenset()) | _prefixed(key)


def _prefixed(key: str) -> frozenset[str]:
    """Return the key with "un-", or without it; not of "cover" and others that it turns less."""
    bare = key.removeprefix("un")
    if len(bare) < _SHORTEST or bare in _NOT_TURNED:
        return frozenset()
    return frozenset((f"un{key}",) if bare == key else (bare,))


@lru_cache(maxsize=1)
def _tables() -> tuple[dict[str, frozenset[str]], dict[str, frozenset[str]]]:
    same: dict[str, frozenset[str]] = {}
    for row in _SAME.strip().splitlines():
        row_keys = _keys(row)
        for key in row_keys:
            same[key] = same.get(key, frozenset()) | (row_keys - {key})
    other: dict[str, frozenset[str]] = {}
    for row in _OPPOSITE.strip().splitlines():
        left, _, right = row.partition("|")
        for here, there in ((_keys(left), _keys(right)), (_keys(right), _keys(left))):
            for key in here:
                other[key] = other.get(key, frozenset()) | there
    return same, other


def _keys(row: str) -> frozenset[str]:
    return frozenset(t.key for t in terms(row))
