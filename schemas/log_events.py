"""Names of log events: one list, so that a search for an event finds every line of it."""

from typing import Final

ADAPTER_REQUEST: Final = "adapter.request"
ADAPTER_STARTED: Final = "adapter.started"
ADAPTER_STOPPED: Final = "adapter.stopped"
ADAPTER_KAFKA_WAITING: Final = "adapter.kafka.waiting"
ADAPTER_TAIL_WAITING: Final = "adapter.tail.waiting"
ADAPTER_SAMPLE_CREDENTIAL: Final = "adapter.sample_credential"
ADAPTER_CREDENTIALS_RELOADED: Final = "adapter.credentials.reloaded"
ADAPTER_CREDENTIALS_KEPT: Final = "adapter.credentials.kept"
ADAPTER_ISSUER: Final = "adapter.issuer.not_reached"
ADAPTER_NONCES: Final = "adapter.nonces.not_usable"
ADAPTER_ATTACHMENTS_NOT_STORED: Final = "adapter.attachments.not_stored"

WORKER_STARTED: Final = "worker.started"
WORKER_STOPPED: Final = "worker.stopped"
WORKER_RECOVERED: Final = "worker.recovered"
WORKER_ASSIGNED: Final = "worker.assigned"
WORKER_REVOKED: Final = "worker.revoked"
WORKER_MENDED: Final = "worker.mended"
WORKER_CHUNK_DROPPED: Final = "worker.chunk_dropped"
WORKER_FATAL: Final = "worker.fatal"
WORKER_STALLED: Final = "worker.stalled"
WORKER_SWEPT: Final = "worker.swept"
WORKER_MIXED_EDITIONS: Final = "worker.mixed_editions"
WORKER_ONE_EDITION: Final = "worker.one_edition"

SINK_STARTED: Final = "sink.started"
SINK_STOPPED: Final = "sink.stopped"
SINK_INTENT_FINISHED: Final = "sink.intent_finished"
SINK_INSERT_RETRY: Final = "sink.insert_retry"
SINK_DEAD_LETTER: Final = "sink.dead_letter"
SINK_ASSIGNED: Final = "sink.assigned"
SINK_REVOKED: Final = "sink.revoked"

WEBHOOKS_STARTED: Final = "webhooks.started"
WEBHOOKS_STOPPED: Final = "webhooks.stopped"
WEBHOOK_ASSIGNED: Final = "webhooks.assigned"
WEBHOOK_REVOKED: Final = "webhooks.revoked"
WEBHOOK_RETRY: Final = "webhooks.retry"
WEBHOOK_DEAD_LETTER: Final = "webhooks.dead_letter"
WEBHOOK_UNREADABLE: Final = "webhooks.unreadable"
WEBHOOK_KAFKA_WAITING: Final = "webhooks.kafka.waiting"

REDERIVED: Final = "rederive.done"
IDENTITY_ALIASES: Final = "identity.aliases"
IDENTITY_DECIDED: Final = "identity.decided"
IDENTITY_IMPORTED: Final = "identity.imported"
IMPORT_FILE_DONE: Final = "import.file_done"
PULL_STARTED: Final = "pull.started"
PULL_STOPPED: Final = "pull.stopped"
PULL_SOURCES: Final = "pull.sources"
PULL_TROUBLE: Final = "pull.trouble"
RECONCILED: Final = "reconcile.done"
RECONCILE_UNAVAILABLE: Final = "reconcile.unavailable"
TOPICS_CREATED: Final = "topics.created"
MIGRATED: Final = "clickhouse.migrated"

MEANING: Final[dict[str, str]] = {
    ADAPTER_REQUEST: "The audit line of a request, with nothing personal in it: credential, method, status, "
    "reason of a refusal, number of statements, milliseconds, correlation id, trace context.",
    ADAPTER_STARTED: "The adapter listens.",
    ADAPTER_STOPPED: "The adapter finished what it had accepted and stopped.",
    ADAPTER_KAFKA_WAITING: "Kafka does not answer yet; requests get 503 until it does.",
    ADAPTER_TAIL_WAITING: "The end of the log cannot be followed; statements are accepted, reading gets 503.",
    ADAPTER_SAMPLE_CREDENTIAL: "The sample credential is in use on an address that others can reach.",
    ADAPTER_CREDENTIALS_RELOADED: "The credentials file has changed; what it says is in force.",
    ADAPTER_CREDENTIALS_KEPT: "The credentials file was changed and is wrong; what it said before stays.",
    ADAPTER_ISSUER: "An issuer's keys could not be fetched; those that are known stay in use for a day.",
    ADAPTER_NONCES: "The directory of nonces cannot be used; the HR system got 503.",
    ADAPTER_ATTACHMENTS_NOT_STORED: "The disk did not take an attachment; the sender got 503.",
    WORKER_STARTED: "A worker process started.",
    WORKER_STOPPED: "A worker finished its chunk, committed and left the group.",
    WORKER_RECOVERED: "Tables are rebuilt; processing begins.",
    WORKER_ASSIGNED: "Partitions were assigned.",
    WORKER_REVOKED: "Partitions were taken away; their state is dropped from memory.",
    WORKER_MENDED: "A former owner had written to a changelog too late; the true rows were written again.",
    WORKER_CHUNK_DROPPED: "A chunk's partition was revoked while it was computed; it was not acknowledged.",
    WORKER_FATAL: "An unexpected fault: the worker stops before acknowledging what caused it.",
    WORKER_STALLED: "There is lag and nothing moved for too long; the worker stops.",
    WORKER_SWEPT: "A new day began: figures were re-evaluated.",
    WORKER_MIXED_EDITIONS: "The skill map is another than evidence was derived by: `readystream rederive`.",
    WORKER_ONE_EDITION: "All evidence of the partition is from the skill map in use.",
    SINK_STARTED: "The sink consumes.",
    SINK_STOPPED: "The sink wrote its buffers, committed and left the group.",
    SINK_INTENT_FINISHED: "An insert that a predecessor had begun was finished under its own token.",
    SINK_INSERT_RETRY: "ClickHouse did not take an insert; it is tried again.",
    SINK_DEAD_LETTER: "A record could not become rows, or its rows were refused: it goes to dead.letters.",
    SINK_ASSIGNED: "Partitions were assigned to the sink.",
    SINK_REVOKED: "Partitions were taken from the sink.",
    WEBHOOKS_STARTED: "Subscriptions are served: their ids.",
    WEBHOOKS_STOPPED: "Requests on their way were waited for; the groups were left.",
    WEBHOOK_ASSIGNED: "Partitions were assigned to a subscription.",
    WEBHOOK_REVOKED: "Partitions were taken from a subscription.",
    WEBHOOK_RETRY: "A receiver did not take an event; it is tried again: id, answer, correlation id.",
    WEBHOOK_DEAD_LETTER: "A receiver did not take an event at all: it goes to dead.letters.",
    WEBHOOK_UNREADABLE: "A record that cannot be decoded is passed over; the sink keeps it.",
    WEBHOOK_KAFKA_WAITING: "Kafka did not take a dead letter; it is sent again before anything else.",
    REDERIVED: "A run that derives evidence anew is in the log whole: edition, statements, correlation id.",
    IDENTITY_ALIASES: "Aliases of linked mailboxes were linked: seen, links, reviews.",
    IDENTITY_DECIDED: "Somebody linked or unlinked a persona by hand: action, persona, person, actor.",
    IDENTITY_IMPORTED: "An HR feed was written to identity.links.",
    IMPORT_FILE_DONE: "A file is in the log: rows, statements and rows that went to dead.letters.",
    PULL_STARTED: "A puller joins its group.",
    PULL_STOPPED: "A puller stopped reading and left its group.",
    PULL_SOURCES: "The sources that this puller reads changed.",
    PULL_TROUBLE: "A round ended early: the LRS or Kafka did not do its part; it is tried again.",
    RECONCILED: "A reconciliation ended: verdict, largest drift, rows made right.",
    RECONCILE_UNAVAILABLE: "Nothing could be judged: a service is away, or the sink is behind.",
    TOPICS_CREATED: "Topics were created.",
    MIGRATED: "Migrations were applied.",
}
