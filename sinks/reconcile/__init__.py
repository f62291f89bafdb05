"""Reconciliation: what ClickHouse holds, recomputed, and compared with the workers and the log."""
