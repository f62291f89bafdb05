"""The private names that the transport uses exist in the installed Faust and aiokafka."""

import faust

from streams.engine.transport import missing_names


def test_the_installed_versions_have_every_name() -> None:
    missing = missing_names()
    assert not missing, f"streams/engine/transport.py uses names that are gone: {', '.join(missing)}"


def test_a_name_that_is_gone_is_named() -> None:
    assert missing_names({faust.App: ("conf", "no_such_name")}) == ["faust.app.base.App.no_such_name"]
