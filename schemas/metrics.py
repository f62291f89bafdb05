"""Metric names, declared once with their meaning, grouped by the process that exposes them."""

from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from schemas.topics import CATALOGUE

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_FRESHNESS = (0.1, 0.25, 0.5, 0.75, 1, 1.5, 2, 3, 5, 10, 30, 60, 300)

# Series that alerts wait for are there from the start: to Prometheus, one that begins at 1 has not increased.
SET_ASIDE: Final = (
    "undecodable",
    "core_fault",
    "conflict",
    "too_old",
    "too_much_evidence",
    "not_json",
    "not_an_object",
    "no_verb",
    "bad_timestamp",
)
"""Outcomes of statements that became dead letters, by their reason."""
DELIVERED, NOT_DELIVERED = "delivered", "dead_letter"
"""How a delivery of a webhook ends."""


class AdapterMetrics:
    """What the HTTP receiver counts."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.requests = Counter(
            "readystream_adapter_requests",
            "Requests answered, by method and status.",
            ["method", "status"],
            registry=registry,
        )
        self.accepted = Counter(
            "readystream_adapter_statements_accepted",
            "Statements that Kafka acknowledged before the sender was told, by credential.",
            ["credential"],
            registry=registry,
        )
        self.rejected = Counter(
            "readystream_adapter_statements_rejected",
            "Statements refused as invalid, by credential.",
            ["credential"],
            registry=registry,
        )
        self.refused = Counter(
            "readystream_adapter_refused",
            "Requests refused, by credential and reason; the credential is empty where nobody's was shown.",
            ["credential", "reason"],
            registry=registry,
        )
        self.unavailable = Counter(
            "readystream_adapter_unavailable",
            "Requests answered 503, by reason.",
            ["reason"],
            registry=registry,
        )
        self.remembered = Gauge(
            "readystream_adapter_remembered_statements",
            "Statements accepted lately, by any adapter, that this one remembers.",
            registry=registry,
        )
        self.receiving_bytes = Gauge(
            "readystream_adapter_receiving_bytes",
            "Bytes of bodies whose requests are not answered yet.",
            registry=registry,
        )
        self.in_flight_bytes = Gauge(
            "readystream_adapter_in_flight_bytes",
            "Bytes of statements handed to the producer and not acknowledged.",
            registry=registry,
        )
        self.request_seconds = Histogram(
            "readystream_adapter_request_seconds",
            "Time to answer a statement request, seconds.",
            buckets=_SECONDS,
            registry=registry,
        )


class WorkerMetrics:
    """What a stream worker counts. Counters start at 0 with the process; exact totals are in ClickHouse."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.records = Counter(
            "readystream_worker_records",
            "Records processed, by stage.",
            ["stage"],
            registry=registry,
        )
        self.chunk_seconds = Histogram(
            "readystream_worker_chunk_seconds",
            "Time to process one chunk, seconds, by stage.",
            ["stage"],
            buckets=_SECONDS,
            registry=registry,
        )
        self.outcomes = Counter(
            "readystream_worker_statements",
            "Records by outcome: new, replay, duplicate, copy (of a void), link; of runs that derive "
            "evidence anew rederived, passed_over, other_edition, mark; or the reason of the dead letter, "
            "such as conflict, too_old and too_much_evidence.",
            ["outcome"],
            registry=registry,
        )
        for reason in SET_ASIDE:
            self.outcomes.labels(reason)
        self.mixed_editions = Gauge(
            "readystream_worker_mixed_editions",
            "1 while evidence in the partition may be from another edition of the skill map than is in use.",
            ["partition"],
            registry=registry,
        )
        self.deleted = Counter(
            "readystream_worker_rows_expired",
            "Rows of tables that were deleted because they are too old to count, by table.",
            ["table"],
            registry=registry,
        )
        self.lag = Gauge(
            "readystream_worker_lag_records",
            "Records behind what was processed last in the partitions of this worker, by topic.",
            ["topic"],
            registry=registry,
        )
        self.ready = Gauge(
            "readystream_worker_ready",
            "1 when tables are recovered and partitions are processed.",
            registry=registry,
        )


class SinkMetrics:
    """What the ClickHouse sink counts."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.rows = Counter(
            "readystream_sink_rows",
            "Rows written and confirmed by ClickHouse, by table.",
            ["table"],
            registry=registry,
        )
        self.retries = Counter(
            "readystream_sink_retries",
            "Inserts tried again because ClickHouse did not take them.",
            registry=registry,
        )
        self.dead_letters = Counter(
            "readystream_sink_dead_letters",
            "Records that could not be turned into rows, or whose rows ClickHouse refused, by topic.",
            ["topic"],
            registry=registry,
        )
        for topic in CATALOGUE:
            if "sink" in topic.readers:
                self.dead_letters.labels(topic.name)
        self.lag = Gauge(
            "readystream_sink_lag_records",
            "Records behind the end of the partition.",
            ["topic", "partition"],
            registry=registry,
        )
        self.insert_seconds = Histogram(
            "readystream_sink_insert_seconds",
            "Time of one insert, seconds, by table.",
            ["table"],
            buckets=_SECONDS,
            registry=registry,
        )
        self.freshness_seconds = Histogram(
            "readystream_sink_freshness_seconds",
            "Time from the adapter reading a statement to its row being readable, seconds.",
            buckets=_FRESHNESS,
            registry=registry,
        )


class WebhookMetrics:
    """What outgoing webhooks count."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.deliveries = Counter(
            "readystream_webhook_deliveries",
            "Deliveries that have ended, by subscription and outcome: delivered or dead_letter.",
            ["subscription", "outcome"],
            registry=registry,
        )
        self.retries = Counter(
            "readystream_webhook_retries",
            "Tries that failed and are repeated, by subscription.",
            ["subscription"],
            registry=registry,
        )
        self.attempt_seconds = Histogram(
            "readystream_webhook_attempt_seconds",
            "Time of one try, until the receiver answered or was given up, seconds, by subscription.",
            ["subscription"],
            buckets=_SECONDS,
            registry=registry,
        )
        self.lag = Gauge(
            "readystream_webhook_lag_records",
            "Records behind the ends of the topics that have not been delivered, by subscription.",
            ["subscription"],
            registry=registry,
        )


class ReconcileMetrics:
    """What a reconciler that runs on a schedule measures, each as of its last run."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.runs = Counter(
            "readystream_reconcile_runs",
            "Reconciliations, by verdict; unavailable: nothing could be judged.",
            ["verdict"],
            registry=registry,
        )
        self.drift_ratio = Gauge(
            "readystream_reconcile_drift_ratio",
            "Relative drift, by figure.",
            ["figure"],
            registry=registry,
        )
        self.repaired = Counter(
            "readystream_reconcile_repaired_rows",
            "Rows made right, by table.",
            ["table"],
            registry=registry,
        )
        self.offset = Gauge(
            "readystream_reconcile_offset",
            "Offset of xapi.statements up to which was compared, by partition.",
            ["partition"],
            registry=registry,
        )
        self.finished = Gauge(
            "readystream_reconcile_finished_seconds",
            "When a reconciliation last ended, at first when the process began, seconds since the epoch.",
            registry=registry,
        )


class PullMetrics:
    """What a puller counts."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.statements = Counter(
            "readystream_pull_statements",
            "Statements fetched and acknowledged by Kafka, by source.",
            ["source"],
            registry=registry,
        )
        self.rejected = Counter(
            "readystream_pull_rejected",
            "Statements fetched that are not valid, by source.",
            ["source"],
            registry=registry,
        )
        self.troubles = Counter(
            "readystream_pull_troubles",
            "Rounds that ended early, by source and reason.",
            ["source", "reason"],
            registry=registry,
        )
        self.stored_through = Gauge(
            "readystream_pull_stored_through_seconds",
            "The stored time up to which a source has been read, seconds since the epoch.",
            ["source"],
            registry=registry,
        )
