"""Whether every crossing of the candidate score raised one alert, as far as the topic shows it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any


def doubled_alerts(alerts: Iterable[Mapping[str, Any]]) -> list[str]:
    """One sentence for each id that stands for more than one crossing. The same alert may come twice."""
    versions: defaultdict[str, set[int]] = defaultdict(set)
    for alert in alerts:
        versions[alert["alert_id"]].add(alert["version"])
    return [f"alert {one} of versions {sorted(found)}" for one, found in versions.items() if len(found) > 1]


def lost_alerts(alerts: Iterable[Mapping[str, Any]]) -> list[str]:
    """One sentence for each id that is missing although a later one of the person and role is there."""
    ids = {alert["alert_id"] for alert in alerts}
    earlier = {f"{rest}|{int(number) - 1}" for rest, _, number in (one.rpartition("|") for one in ids)}
    return [f"alert {one}" for one in sorted(earlier - ids) if not one.endswith("|0")]
