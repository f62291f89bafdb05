"""Where a record stands in the log: the identity of its effect."""

from msgspec import Struct

_EPOCH_SHIFT = 56


class Origin(Struct, frozen=True, order=True, gc=False):
    """Coordinates of a record.

    `epoch` counts the topic's incarnations: offsets start again at 0 when a topic is made anew, and the
    epoch keeps later records newer than earlier ones.
    """

    topic: str
    partition: int
    offset: int
    epoch: int = 0

    @property
    def version(self) -> int:
        """A number that grows along the partition: epoch in the top bits, offset + 1 below them.

        Never 0, so that 0 can mean "before everything". Fits a signed 64-bit integer for epochs below 128.
        """
        return origin_version(self.offset, self.epoch)


def origin_version(offset: int, epoch: int = 0) -> int:
    """The version of the record at `offset`: see `Origin.version`."""
    return epoch << _EPOCH_SHIFT | (offset + 1)
