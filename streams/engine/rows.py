"""The rows of one table in one partition, in memory.

A store on disk can take its place: it needs these six methods and to keep `next_offset` and `fence` with
the rows.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from streams.engine.fence import Fence

_BAR = b"|"


class PartitionRows:
    """Rows by key, with an index from owner to keys so that an owner's rows are found without a search.

    `next_offset` is the position in the changelog from which on these rows know nothing, `fence` what the
    records before it say of their owners.
    """

    def __init__(self) -> None:
        self.next_offset = 0
        self.fence = Fence()
        self._rows: dict[bytes, bytes] = {}
        self._owned: defaultdict[bytes, set[bytes]] = defaultdict(set)
        self._route: Sequence[bytes] = ()
        self._owner_route: Sequence[bytes] = ()

    def __len__(self) -> int:
        return len(self._rows)

    def get(self, key: bytes) -> bytes | None:
        """The row under `key`, or None."""
        return self._rows.get(key)

    def scan(self, owner: bytes) -> Iterator[tuple[bytes, bytes]]:
        """The rows whose keys begin with `owner` and `|`, in key order."""
        for key in sorted(self._owned.get(owner, ())):
            yield key, self._rows[key]

    def owners(self, after: bytes, limit: int) -> list[bytes]:
        """At most `limit` owners that have a row and come after `after`, in order; fewer: these are the last.

        As with `walk`, they are put in order once for a walk through all of them.
        """
        if not self._owner_route or not after:
            whole = (key for key in self._rows if _BAR not in key)
            self._owner_route = sorted({*self._owned, *whole})
        route = _behind(self._owner_route, after)
        found = list(islice((one for one in route if one in self._owned or one in self._rows), limit))
        if len(found) < limit:
            self._owner_route = ()
        return found

    def walk(self, after: bytes, limit: int) -> list[tuple[bytes, bytes]]:
        """At most `limit` rows whose keys come after `after`, in key order; fewer: these are the last.

        Keys are put in order once for a walk through all of them, which is kept until its end.
        """
        if not self._route or not after:
            self._route = sorted(self._rows)
        route = _behind(self._route, after)
        standing = ((key, self._rows[key]) for key in route if key in self._rows)
        found = list(islice(standing, limit))
        if len(found) < limit:
            self._route = ()
        return found

    def apply(self, rows: Iterable[tuple[bytes, bytes | None]], next_offset: int) -> None:
        """Write `rows` in order, None deleting, and move on to `next_offset` of the changelog."""
        for key, value in rows:
            if value is None:
                self._delete(key)
                continue
            if key not in self._rows:
                self._index(key)
            self._rows[key] = value
        self.next_offset = next_offset

    def _index(self, key: bytes) -> None:
        owner, bar, _ = key.partition(_BAR)
        if bar:
            self._owned[owner].add(key)

    def _delete(self, key: bytes) -> None:
        if self._rows.pop(key, None) is None:
            return
        owner, bar, _ = key.partition(_BAR)
        if bar:
            keys = self._owned[owner]
            keys.discard(key)
            if not keys:
                del self._owned[owner]


def _behind(route: Sequence[bytes], after: bytes) -> Iterator[bytes]:
    return (route[place] for place in range(bisect_right(route, after), len(route)))
