from sinks.intents import Intent


def test_the_token_names_the_exact_range() -> None:
    assert Intent("xapi.statements", 2, 1, 100, 149).token("statements") == (
        "statements:xapi.statements:1:2:100-149"
    )


def test_every_coordinate_changes_the_token() -> None:
    intents = [
        Intent("a", 1, 1, 1, 9),
        Intent("b", 1, 1, 1, 9),
        Intent("a", 2, 1, 1, 9),
        Intent("a", 1, 2, 1, 9),
        Intent("a", 1, 1, 2, 9),
        Intent("a", 1, 1, 1, 8),
    ]

    assert len({intent.token(table) for intent in intents for table in ("t", "u")}) == 12
