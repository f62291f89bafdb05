"""The pipeline under disturbance, held against a recomputation of everything from the accepted log.

    python -m tests.chaos.run --kills 50 --seed 1

`monkey` kills, halts and restarts; `recompute` works out every figure a second time, by code of its own.
"""
