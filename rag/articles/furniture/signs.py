r"""The signs by which one line or sentence gives itself away as page furniture.

They are the general vocabulary of news pages in English: controls, share bars, headings over
other stories, calls to act, notices. Where a word could also be an article's own ("Facebook",
"Contact"), the line alone proves nothing and ``rag.articles.furniture.runs`` looks at its
neighbours.

Each block below holds one regular expression a line, over folded text; ``<story>`` and the like
stand for the vocabularies in ``_NAMED``.
"""

from __future__ import annotations

import re
from functools import cached_property

LONGEST_SIGN = 300  # characters; a longer line is no control, heading, call or headline
_EDGES = " \t\n»«›‹→←▼▲▶►•·|*#-–—_:[]()><"
_NAMED = {
    "<story>": "(?:articles?|story|stories|posts?|news|content|reads?|headlines?|videos?|entries"
    "|recipes?|guides?|galler(?:y|ies))",
    "<might>": "(?:'ll| (?:may|might|could|can|will|would|should))?(?: also)?",
    "<network>": "(?:facebook|twitter|x|whatsapp|telegram|linkedin|pinterest|reddit|instagram"
    "|youtube|tiktok|threads|bluesky|mastodon|messenger|flipboard|tumblr"
    "|snapchat|google news|apple news)",
}


def fold(line: str) -> str:
    """A line as the patterns see it: lower case, straight quotes, single spaces, bare edges."""
    straight = line.replace("’", "'").replace("‘", "'").replace("“", '"').replace("”", '"')
    return " ".join(straight.lower().split()).strip(_EDGES)


class Sign:
    """Alternatives, one a line, compiled at first use: most commands never look at a page."""

    def __init__(self, alternatives: str, before: str = "", after: str = "") -> None:
        self._parts = alternatives, before, after

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The alternatives between what stands before and after them."""
        alternatives, before, after = self._parts
        for name, words in _NAMED.items():
            alternatives = alternatives.replace(name, words)
        either = "|".join(alternatives.strip().splitlines())
        return re.compile(f"{before}(?:{either}){after}")

    def fills(self, folded: str) -> bool:
        """Whether the whole text is one of the alternatives."""
        return self.pattern.fullmatch(folded) is not None


# A whole line that is a control of the page.
CONTROL = Sign(r"""
(?:scroll|back|return|jump|go|skip)(?: back)? (?:to|up)(?: the)? (?:top|navigation)(?: of page)?
(?:back|return|jump|go|skip) to(?: the)? (?:(?:main )?content|main menu|home(?: ?page)?|comments)
(?:share|print|e-?mail|tweet|save|bookmark|listen to|gift|report) (?:this|the) (?:<story>|page)
share(?: this)?(?: <story>)? (?:on|via|with|to|by) .{1,40}
(?:send|share|post|pin|tweet|save|print|e-?mail|copy)(?: it)?(?: (?:on|to|via) <network>)?
share this|copy (?:link|url)|link copied!?|add to (?:bookmarks|favou?rites|reading list)
(?:skip )?(?:advertisement|advert|ads?|advertising|advertise with us)(?: feedback)?
for adverts?\b.{1,60}|reuse this content|(?:video|text) ads?(?: feedback|: .{1,80})?
(?:skip past|after|end of) newsletter (?:promotion|sign-?up)|skip next section .{1,40}
(?:free )?(?:daily|weekly|monthly) newsletters?|sign up (?:to|for) .{1,40}|see all topics|follow
\d{1,2}:\d\d - source: .{1,30}|now playing
(?:sponsored|promoted|paid)(?: content| post| by .{1,30})?
(?:<story> )?continues (?:below|after)(?: (?:this|the))?(?: ad(?:vert(?:isement)?)?)?
scroll (?:down )?to continue(?: reading| with content)?|continue reading.{0,80}
loading(?: ?\.{2,}|…)?(?: comments.*)?|please wait.{0,20}|(?:main )?menu|toggle \w+(?: \w+)?|close
search(?: for)?|navigation|show (?:more|less)|see more|view more|load more(?: \w+)?
sign in|log ?in|log ?out|sign up(?: now| here| free| for free)?|register(?: now| here)|my account
subscribe(?: now| today| here)?|donate(?: now)?|create (?:an )?account|become a member
(?:\d{1,3}|a|one|two|three|four|five)[ -]?min(?:ute)?s?(?: of)? read(?:ing time)?
(?:estimated )?read(?:ing)? time ?:?.{0,20}
[\d.,]+k? (?:views?|shares?|comments?|likes?|reads|reactions?)|views? ?: ?[\d.,]+k?
no comments(?: yet)?
(?:(?:previous|next|older|newer) (?:<story>|page)|previous|prev|older)(?: ?[:»→].{0,150})?
(?:view|see|show|read|browse|load) (?:all|more) (?:<story>|comments)(?: (?:by|from|in|on) .{1,60})?
read (?:more|on|less|the full (?:story|article|report))
(?:tags?|tagged(?: with| as)?|filed under|posted (?:in|under)|categor(?:y|ies))(?: ?: ?.{1,200})?
(?:topics|keywords|labels|related topics?)(?: ?: ?.{1,200})?
(?:follow|find|like|join) us(?: (?:on|at) .{1,60})?|follow .{1,40} on <network>.{0,60}
connect with us|stay connected|stay updated|get in touch|get the app|download (?:our|the) app
your email address will not be published.*|required fields are marked.*|post comment|reply
cancel reply|save my name,? e-?mail.*|log ?in to (?:reply|comment).*|notify me of .*
home ?(?:[>»›/|] ?[^.]{2,40}){1,6}
view (?:this )?(?:image|video|post|profile|comments)(?: (?:on|in) .{1,20})?|play video|watch now
enlarge(?: this)? image|click to enlarge|listen(?: now| to article)?|(?:hide|toggle) caption
view this post on instagram|this is an embed.*
""")

# A whole line over a list of other stories; it needs such a list, or the end, below it.
SECTION = Sign(r"""
(?:you|we think you)<might> (?:like|love|enjoy).{0,25}
you<might> (?:want to read|find interesting).{0,25}
you(?: (?:may|might))?(?: have)? missed.{0,25}|you (?:may|might)(?: also)? be interested in.{0,20}
(?:recommended|suggested|related|similar)(?: (?:<story>|reading|links?|coverage|items?|topics))?
(?:recommended|suggested|related|similar|picked) (?:for you|(?:stories )?(?:from|by) .{1,30})
stories for you
(?:further|recommended|additional|suggested) reading
more (?:from|on|in|about|by) .{1,30}|more like this|more to (?:read|explore)
more(?: top| related| recent| great| breaking)? <story>(?: (?:from|on|in|by|like) .{1,40})?
most (?:read|popular|viewed|shared|commented|watched|recent|discussed)(?: .{1,25})?
(?:trending|popular|latest|recent|top|breaking|featured|other|must[- ]read|today's|hot|our) <story>
(?:trending|popular|latest|recent|top|featured|other|today's|our) (?:updates|comments|picks|topics)
follow (?:the )?topics in this <story>|(?:latest|top|recent|today's) \w+(?: \w+)? <story>
(?:other|more|latest|top|recent) <story> (?:from|on|in|by|of|this) .{1,40}
(?:trending|popular)(?: now| today| this week| (?:on|in) .{1,25})?
editor(?:'s|s')? (?:picks?|choices?)
don't miss(?: (?:this|it|these|out))?|in case you missed it|icymi
(?:what to )?(?:read|watch|up|coming|see|listen) next|next up|keep (?:reading|exploring)
also (?:read|see)|see also|read (?:also|too|this next)|also on .{1,30}
explore(?: more| further)?(?: (?:from|on|in) .{1,40})?|discover more(?: (?:from|on) .{1,40})?
(?:from )?(?:around|across|elsewhere on) the (?:web|site|network|internet)
from our (?:partners?|sponsors?|network|archives?|advertisers?)|(?:paid )?partner content
(?:what|stories) (?:others|people|readers) are (?:also )?reading(?: .{1,20})?
(?:others|people|readers) (?:are )?also (?:read|reading|like|liked|viewed).{0,20}
stories you (?:may|might) (?:like|have missed)|follow us|newsletters?|share your thoughts
""")

# Opens the readers' comments: what follows is not the article's.
COMMENTS = Sign(r"""
(?:\d+ )?comments?(?: ?\(\d+\)| ?\d+)?|leave a (?:reply|comment)(?: .{1,20})?
(?:join|start) the (?:conversation|discussion|debate)|what do you think\?.{0,60}
\d+ (?:thoughts|responses|replies) (?:on|to) .*|(?:view|show|read) comments|reader comments
(?:post|add) a comment|discussion about this <story>
""")

# A line or sentence that names another story after a label.
_LABELLED = Sign(
    r"""
read (?:also|more|next|this|too|related)|also read|read|see also|also see|more reading
related(?: (?:<story>|reading|coverage))?|recommended (?:for you|reading|<story>)
don't miss|must[- ]read|trending|watch(?: live)?|listen|you (?:may|might) (?:also )?(?:like|want)
more on (?:this|that)(?: story)?|up next|in case you missed it|icymi|sponsored|advertisement
editor's picks?|(?:previous|next) <story>|read the full story|subscribe|click here|full story
""",
    before=r"\W{0,4}",
    after=r" ?(?::|\||»|>>?|-|–|—|→) ?\S",
)

# How a call to act begins, and what shows that it is the page that calls.
_OPENING = (
    r"(?:(?:please|kindly|and|then|or|now|so) |don't forget to |be sure to |make sure (?:to|you) "
    r"|to (?:get|receive|stay|keep|read|comment|join|support)[^.]{1,80}?, (?:please )?"
    r"|for (?:more|the latest|all the latest|breaking|daily)[^.]{1,80}?, (?:please )?"
    r"|want [^.?]{1,80}\? )?"
)
_CALLER = Sign(
    r"""
subscribe|sign ?up|follow|share|join|download|click|tap|register|log ?in|donate|support|get|receive
check out|visit|keep reading|contact|write to|leave|enter|become|turn on|enable|accept|watch|listen
discover|stay|read|add|consider|give us|rate|scan|text|drop|got a|advertise
(?:e-?mail|send|like|allow) (?:us|your|this|our)|(?:have|do) you (?:been|have|got|seen)
""",
    before=_OPENING,
    after=r"\b",
)
_PAGE = Sign(r"""
\b(?:straight|delivered) to your\b
\bnewsletters?\b|\byour (?:inbox|e-?mail(?: address)?|free account)\b|\bmailing list\b
\bour (?:\w+ )?(?:app|<network>|social media|channels?|page|community|group|website|site|coverage)\b
\bmy (?:work|blog|channel|page)\b
\bour (?:\w+ )?(?:journalism|reporting|podcasts?|readers|work|live blog|stories)\b
\bus (?:on|via|at)\b.{0,40}(?:\b<network>\b|\S+@\S+|\bsocial media\b)|\bon social media\b
\bon <network>(?: (?:and|or) .{1,40})?\W*$
\b(?:latest|breaking|daily|more) (?:<story>|updates)\b.{0,40}\b(?:to|in|via|sent|by|on|alerts)\b
\b(?:news|e-?mail|push) (?:alerts|notifications)\b|\bclick here\b|\bread more\b
\bthis (?:article|post|story|page|video|recipe)\b(?! (?:was|is|has|had|were))|\bnew posts\b
\bcomments? (?:section|below)\b|\bbelow in the comments\b|\bfull (?:story|article|list) here\b
\bunlimited access\b|\bpremium (?:content|access|articles)\b
\b(?:have|got) a (?:story|tip|news tip)\b
\bstory (?:idea|tip)s?\b|\b(?:like|share|subscribe)(?:,| and) (?:like|share|subscribe|follow)\b
""")
_ALWAYS = Sign(r"""
(?:so |please |and )?stay (?:tuned|with us)\b.*|watch this space\b.*
(?:follow|join|subscribe|like|keep)\b.*\bfor (?:more )?(?:\w+ )?updates\b.*
(?:tell us|let us know)\b.*\b(?:comments?|below|what you think|e-?mail)\b.*
(?:please )?click (?:here|the link|on the link|below|to (?:share|e-?mail|print|copy))\b.*
(?:tap|swipe) (?:here|up)\b.*
(?:no spam|unsubscribe|you can unsubscribe|cancel any ?time)\b.*
(?:thank you|thanks) for (?:reading|subscribing|signing up|your (?:support|subscription))\b.*
(?:please )?(?:enable|turn on) javascript\b.*|you need to (?:log ?in|sign in|enable)\b.*
you(?:'ve| have) (?:read|used|reached|\d).*\b(?:free|limit)\b.*
\d+ free <story> (?:left|remaining).*
to view this (?:video|content|page)\b.*|read the (?:original|full) (?:article|story|report)\b.*
support .{1,60}\bjournalism\b.*|by (?:contributing|donating) to .{1,60}, you\b.*
(?:do|have) you .*\b(?:share with us|get in touch|contact us)\b.*
.{1,60}\bis a reader-supported\b.*|you can sign ?up\b.*\bnewsletters?\b.*|privacy notice: .*
.{0,60}\b(?:confirm|verify) your e-?mail\b.*|there was (?:a problem|an error) \w+ your \w+.*
to continue reading\b.*|subscribe to (?:continue|read|unlock)\b.*|buy (?:me|us) a coffee\b.*
(?:like|love|enjoy|enjoyed) (?:what you|reading|our)\b.*\?
(?:this material|no part of this).*\bmay not be (?:published|reproduced|copied)\b.*
you(?:'re| are) receiving this\b.*
.{1,60}\bnot responsible for the content of (?:external|other)\b.*
already (?:a )?(?:subscriber|member|have an account)\b.*|(?:please )?check your inbox\b.*
by (?:signing up|subscribing|continuing|clicking|using this).*\byou (?:agree|consent|accept).*
(?:this (?:web)?site|we(?: and our (?:\d+ )?partners)?) (?:also )?uses? cookies\b.*
(?:accept|reject|manage|allow|decline)(?: all| only)?(?: necessary| essential)? ?cookies\b.{0,40}
cookie (?:settings|preferences|consent|notice)|(?:manage|customi[sz]e) preferences
this site (?:is protected by|uses akismet)\b.*|your privacy choices|do not sell .{1,40}
(?:©|\(c\) ?\d{4}|copyright .{0,40}(?:©|\(c\)|\d{4})).*|.{0,120}\ball rights reserved\W*
""")


def is_control(folded: str) -> bool:
    """Whether a folded line is a button or a label of the page."""
    return len(folded) <= LONGEST_SIGN and CONTROL.fills(folded.rstrip(".!"))


def is_call(sentence: str) -> bool:
    """Whether the page itself asks the reader to act, or gives notice: subscribe, accept, ©."""
    if len(sentence) > LONGEST_SIGN:
        return False
    folded = fold(sentence)
    if _ALWAYS.fills(folded):
        return True
    return bool(_CALLER.pattern.match(folded) and _PAGE.pattern.search(folded))


def is_labelled(sentence: str) -> bool:
    """Whether a sentence only names another story: "Read also: ..."."""
    if len(sentence) > LONGEST_SIGN:
        return False
    lowered = " ".join(sentence.lower().replace("’", "'").split())
    return _LABELLED.pattern.match(lowered) is not None


# Words of which share bars consist; a bar has one that acts.
SHARE_ACTS = frozenset({"share", "tweet", "pin", "print", "copy"})
SHARE = SHARE_ACTS | set(_NAMED["<network>"][3:-1].split("|")) | {"post", "email", "link"}
# Entries of menus and page feet.
MENU = Sign(r"""
home|news|latest(?: news)?|politics|business|economy|sports?|football|world(?: news)?|africa
europe|asia|americas|middle east|us|uk|u\.s\.|entertainment|tech|technology|science|health
opinions?|columns|editorials?|lifestyle|life|style|culture|arts?|travel|food|videos?|photos?
podcasts?|more|menu|search|weather|climate|environment|education|features?|analysis
investigations?|magazine|local|national|metro|international|live|tv|radio|games|shop|jobs
about(?: us)?|contact(?: us)?|careers|advertise(?: with us)?|privacy(?: (?:policy|notice))?
cookies?(?: (?:policy|settings))?|terms(?: (?:of|and|&) (?:use|service|conditions))?|help
accessibility|site ?map|rss|faqs?|newsletters?|log ?in|sign in|subscribe|donate
imprint|legal(?: notice)?|press|editorial (?:policy|standards)
""")
# What stands beside a headline in a list: when it was, and whose.
TEASER = Sign(r"""
(?:\d+|an?|one|two) (?:sec|second|min|minute|hour|hr|day|week|month|year)s? ago
(?:by )?[a-z .'-]{0,40}\b(?:\d{1,2} [a-z]{3,9}\.?,? \d{4}|[a-z]{3,9}\.? \d{1,2},? \d{4})
\d{1,2}:\d\d(?: ?[ap]m)?
""")
SITE_SUFFIX = re.compile(r"(?:\S+\s+){5,}?\S+\s+[—–|]\s+(?:[A-Z]\S*\s*){1,5}$")
