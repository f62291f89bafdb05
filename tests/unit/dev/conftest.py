"""One simulation for all tests here: they only read it."""

from datetime import date

import pytest

from readystream.dev.generator import Simulation, generate

END = date(2026, 10, 31)
LEARNERS, DAYS, SEED = 200, 90, 7


@pytest.fixture(scope="session")
def simulation() -> Simulation:
    """The default scale: about twenty thousand statements, every kind of delivery among them."""
    return generate(LEARNERS, DAYS, seed=SEED, end=END)
