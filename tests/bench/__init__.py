"""What a statement costs: next to the alternatives, as people become more, and on the way to the dashboards.

    python -m tests.bench.run --quick

Nothing here passes or fails; the figures of a run are for people to compare, on one machine and in one run.
"""
