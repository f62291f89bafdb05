"""More identifiers of one kind on a person than people have: somebody looks before more are linked. Pure."""

from collections import defaultdict
from collections.abc import Collection, Iterable

from lrs_adapter.hr.delta import Standing
from lrs_adapter.hr.link_log import Link


def without_crowds(
    links: Iterable[Link], standing: Iterable[Standing], *, most: int, day: int
) -> tuple[tuple[Link, ...], tuple[Link, ...]]:
    """(links to write, links that wait for review).

    Counted are the identifiers that any source links to a person by one rule, on UTC day `day` or later. What
    is over by then makes nobody more crowded, and what ends makes room.
    """
    holding: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for one in standing:
        if one.holds_on(day):
            holding[one.person_id, one.rule].add(one.persona_id)
    written: list[Link] = []
    waiting: list[Link] = []
    for link in links:
        personas = holding[link["person_id"], link["rule"]]
        if link["valid_to"] is not None and link["valid_to"] <= day:
            written.append(link)
            personas.discard(link["persona_id"])
        elif _has_room(personas, link, most):
            written.append(link)
            personas.add(link["persona_id"])
        else:
            waiting.append(link)
    return tuple(written), tuple(waiting)


def _has_room(personas: Collection[str], link: Link, most: int) -> bool:
    return link["persona_id"] in personas or len(personas) < most
