"""The judgement of alerts finds what is wrong with them."""

from tests.chaos.alerts import doubled_alerts, lost_alerts


def _alert(alert_id: str, version: int) -> dict[str, object]:
    return {"alert_id": alert_id, "version": version}


def test_an_alert_that_is_sent_again_as_it_was_is_one_alert() -> None:
    alerts = [_alert("p|r|1", 5), _alert("p|r|1", 5), _alert("p|r|2", 9), _alert("p|s|1", 5)]
    assert doubled_alerts(alerts) == lost_alerts(alerts) == []


def test_one_id_for_two_crossings_and_a_gap_are_found() -> None:
    alerts = [_alert("p|r|2", 5), _alert("p|r|2", 7)]
    assert doubled_alerts(alerts) == ["alert p|r|2 of versions [5, 7]"]
    assert lost_alerts(alerts) == ["alert p|r|1"]
