"""Spans by OpenTelemetry: needs the extra `otel`. Everything else is loaded without this module.

A span of a batch is about many requests: it stands in the trace of the only one, or is a trace of its own
with links to some of them. Work on records that no sampled request caused is not told of.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from time import time_ns
from typing import Final

from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import (
    INVALID_SPAN_CONTEXT,
    Link,
    NonRecordingSpan,
    Span,
    SpanContext,
    SpanKind,
    get_current_span,
    set_span_in_context,
)
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from schemas.headers import TRACEPARENT
from schemas.spans import Attributes, Kind

LINKS: Final = 16
"""Most requests that a span of a batch is linked to."""

_KINDS = {
    "server": SpanKind.SERVER,
    "producer": SpanKind.PRODUCER,
    "consumer": SpanKind.CONSUMER,
    "client": SpanKind.CLIENT,
}
_PROPAGATOR = TraceContextTextMapPropagator()

Headers = Sequence[tuple[str, bytes | None]]


class Tracing:
    """Makes the spans of one process and hands those that ended to `processor`."""

    def __init__(self, process: str, processor: SpanProcessor) -> None:
        resource = Resource.create({SERVICE_NAME: f"readystream-{process}"})
        self._provider = TracerProvider(resource=resource, shutdown_on_exit=False)
        self._provider.add_span_processor(processor)
        self._tracer = self._provider.get_tracer("readystream")

    @contextmanager
    def open(self, name: str, kind: Kind, parent: str | None) -> Iterator[str]:
        """As `schemas.spans.OpenSpan` says."""
        around = None if parent is None else _PROPAGATOR.extract({TRACEPARENT: parent}, Context())
        with self._tracer.start_as_current_span(
            name, around, kind=_KINDS[kind], record_exception=False
        ) as span:
            yield _traceparent(span)

    def did(
        self, name: str, kind: Kind, seconds: float, about: Iterable[Headers], attributes: Attributes
    ) -> None:
        """Tell of a batch that has ended now and took so long; `about` are the headers of its records."""
        causes = list(islice(_sampled(about), LINKS))
        if not causes:
            return
        parent, links = (causes, []) if len(causes) == 1 else ([INVALID_SPAN_CONTEXT], causes)
        ended = time_ns()
        span = self._tracer.start_span(
            name,
            set_span_in_context(NonRecordingSpan(parent[0])),
            _KINDS[kind],
            attributes,
            list(map(Link, links)),
            ended - int(seconds * 1e9),
        )
        span.end(ended)

    def close(self) -> None:
        """Hand over what is left."""
        self._provider.shutdown()


def otlp(process: str) -> Tracing:
    """Spans that go out by OTLP over HTTP, to where the `OTEL_` variables say; lost if nobody takes them."""
    return Tracing(process, BatchSpanProcessor(OTLPSpanExporter()))


def _sampled(about: Iterable[Headers]) -> Iterator[SpanContext]:
    """The sampled trace contexts among the headers, each once."""
    seen: set[bytes] = set()
    for headers in about:
        for name, value in headers:
            if name == TRACEPARENT and value and value not in seen:
                seen.add(value)
                context = _context(value.decode(errors="replace"))
                if context.trace_flags.sampled:
                    yield context


def _context(traceparent: str) -> SpanContext:
    """The context that it names; an invalid one, which is not sampled, if it names none."""
    return get_current_span(_PROPAGATOR.extract({TRACEPARENT: traceparent}, Context())).get_span_context()


def _traceparent(span: Span) -> str:
    carrier: dict[str, str] = {}
    _PROPAGATOR.inject(carrier, set_span_in_context(span))
    return carrier[TRACEPARENT]
