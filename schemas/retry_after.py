"""How long a server that answered wants to be left alone: the header `Retry-After` (RFC 9110, 10.2.3)."""

from datetime import UTC
from email.utils import parsedate_to_datetime

_MOST_DIGITS = 9


def retry_after_s(header: str | None, now_s: float) -> float | None:
    """Seconds from `now_s` (since the epoch) on, said as a number or as a date; None if it says neither."""
    text = (header or "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:_MOST_DIGITS])
    try:
        moment = parsedate_to_datetime(text)
        return max(0.0, moment.replace(tzinfo=moment.tzinfo or UTC).timestamp() - now_s)
    except (ValueError, OverflowError):  # a date beyond the calendar is one we cannot read
        return None
