"""Aliases: e-mail addresses that learners are seen under, linked to whom their mailbox belongs to. Pure.

`ana+course@gmail.com` is nobody that HR knows; `ana@gmail.com` is. An alias has the links of its mailbox, on
the same days and with the least trust of all, so that whatever is said of the alias itself goes before. Where
a provider is not known to work so, it is a review and no link.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from lrs_adapter.hr.delta import Claimed, Standing
from lrs_adapter.hr.link_log import Link
from lrs_adapter.hr.links import Provenance
from schemas.identity_rules import IdentityRules
from schemas.persona import email_key, persona_id

SOURCE = "sub-addressing"
_RULE = "email_alias"
_CONFIDENCE = 0.7

Held = dict[tuple[str, int], int | None]
"""Person and first day → the day on which it no longer holds."""


@dataclass(frozen=True, slots=True)
class Aliases:
    """Links to write and links that somebody has to look at; `known` aliases have a mailbox with links."""

    links: tuple[Link, ...]
    reviews: tuple[Link, ...]
    known: int


def alias_links(
    addresses: Iterable[str],
    rules: IdentityRules,
    said: Provenance,
    standing: Collection[Standing],
    own: Collection[Standing],
    barred: Collection[Claimed],
) -> Aliases:
    """What follows from the `addresses` that were seen.

    `standing` are the links of all sources, `own` those of `SOURCE` among them, `barred` what people
    withdrew.
    """
    held, made = _by_persona(standing), _by_persona(own)
    links: list[Link] = []
    reviews: list[Link] = []
    known = 0
    for address in sorted(set(addresses)):
        mailbox = rules.mailbox(address)
        if mailbox is None or rules.denies_email(address) or rules.denies_email(mailbox.address):
            continue
        persona = persona_id(said.tenant_key, email_key(address))
        wanted = held[persona_id(said.tenant_key, email_key(mailbox.address))]
        allowed = {key: end for key, end in wanted.items() if (persona, key[0], _RULE) not in barred}
        known += bool(wanted)
        if mailbox.is_sure:
            links += _changes(persona, allowed, made[persona], said)
        elif not held[persona]:
            reviews += _changes(persona, allowed, {}, said)
    return Aliases(tuple(links), tuple(reviews), known)


def _by_persona(standing: Collection[Standing]) -> defaultdict[str, Held]:
    """What holds of each persona; of several ends for the same beginning the last."""
    found: defaultdict[str, Held] = defaultdict(dict)
    for one in (one for one in standing if one.holds_on(one.start)):
        held, key = found[one.persona_id], (one.person_id, one.start)
        known = held.get(key, one.end)
        held[key] = None if known is None or one.end is None else max(known, one.end)
    return found


def _changes(persona: str, wanted: Held, made: Held, said: Provenance) -> Iterable[Link]:
    """Links that make `wanted` of what is `made`; what is wanted no more ends on the day it began."""
    gone: Held = {key: key[1] for key in made if key not in wanted}
    for (person, start), end in sorted((gone | wanted).items(), key=lambda entry: entry[0]):
        if (person, start) not in made or made[person, start] != end:
            yield said.link(
                persona,
                person,
                _RULE,
                confidence=_CONFIDENCE,
                start=start,
                end=end,
                reason="alias of a mailbox that is linked",
            )
