"""The AsyncAPI document of the topics (https://www.asyncapi.com/docs/reference/specification/v3.0.0).

The application that it describes is the pipeline: it sends to every topic, and receives what its own
processes read. Somebody else who reads a topic takes its channel and message from here.
"""

from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

from schemas.avro_schemas import raw_schema, schema_version
from schemas.examples import EXAMPLES
from schemas.headers import AVRO, CONTENT_TYPE, CORRELATION_ID, SCHEMA_VERSION, TRACEPARENT, VERSION, headers
from schemas.topics import CATALOGUE, DEAD_LETTERS, EVENTS, STATEMENTS, Topic

_KAFKA_BINDING = "0.5.0"
_AVRO_SCHEMA = "application/vnd.apache.avro;version=1.9.0"
_OURS = {"worker", "sink", "pull", "dead-letters"}
_TRACED = {STATEMENTS.name, EVENTS.name, DEAD_LETTERS.name}
_TRACEPARENT = b"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
_HEADERS: Mapping[str, dict[str, Any]] = {
    CORRELATION_ID: {"type": "string", "description": "The delivery that caused the record."},
    VERSION: {
        "type": "string",
        "pattern": "^[0-9]{1,19}$",
        "description": "Of two records with one key the greater holds.",
    },
    CONTENT_TYPE: {"const": AVRO.decode(), "description": "Missing on tombstones."},
    SCHEMA_VERSION: {
        "type": "string",
        "pattern": r"^[0-9]+\.[0-9]+\.[0-9]+$",
        "description": "Semantic version of the value's schema. Missing on tombstones.",
    },
    TRACEPARENT: {
        "type": "string",
        "pattern": "^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$",
        "description": "W3C trace context of the request that delivered the statement.",
    },
}


def asyncapi_document() -> dict[str, Any]:
    """The document, of values that JSON has."""
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Readystream topics",
            "version": version("readystream"),
            "description": "Learning records in, readiness out. Values are Avro behind five bytes: zero, and "
            "the id of the schema (Confluent's wire format). Keys are UTF-8; keys with parts are partitioned "
            "by the part before the first `|`.",
            "license": {"name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"},
        },
        "defaultContentType": AVRO.decode(),
        "servers": {
            "kafka": {
                "host": "{bootstrap}",
                "protocol": "kafka",
                "variables": {
                    "bootstrap": {"default": "127.0.0.1:9092", "description": "KAFKA_BOOTSTRAP_SERVERS"}
                },
            }
        },
        "channels": {topic.name: _channel(topic) for topic in CATALOGUE},
        "operations": _operations(),
        "components": {"messages": {_name(topic): _message(topic) for topic in CATALOGUE}},
    }


def _name(topic: Topic) -> str:
    """The name of the topic's record."""
    return str(raw_schema(topic.name)["name"])


def _channel(topic: Topic) -> dict[str, Any]:
    binding = {
        "topic": topic.name,
        "topicConfiguration": {
            "cleanup.policy": [topic.cleanup],
            "retention.ms": int(topic.config["retention.ms"]),
        },
        "bindingVersion": _KAFKA_BINDING,
    }
    return {
        "address": topic.name,
        "description": topic.doc,
        "messages": {_name(topic): {"$ref": f"#/components/messages/{_name(topic)}"}},
        "bindings": {"kafka": binding},
    }


def _operations() -> dict[str, Any]:
    sent = {f"send.{topic.name}": _operation("send", topic, topic.writers) for topic in CATALOGUE}
    received = {
        f"receive.{topic.name}": _operation("receive", topic, readers)
        for topic in CATALOGUE
        if (readers := tuple(one for one in topic.readers if one in _OURS))
    }
    return sent | received


def _operation(action: str, topic: Topic, parties: tuple[str, ...]) -> dict[str, Any]:
    return {
        "action": action,
        "channel": {"$ref": f"#/channels/{topic.name}"},
        "summary": f"{'Written' if action == 'send' else 'Read'} by {', '.join(parties)}.",
    }


def _message(topic: Topic) -> dict[str, Any]:
    schema = raw_schema(topic.name)
    return {
        "name": _name(topic),
        "title": f"{topic.name} {schema_version(topic.name)}",
        "summary": schema["doc"],
        "contentType": AVRO.decode(),
        "headers": _headers_schema(topic),
        "payload": {"schemaFormat": _AVRO_SCHEMA, "schema": schema},
        "correlationId": {"location": f"$message.header#/{CORRELATION_ID}"},
        "bindings": {
            "kafka": {
                "key": {"type": "string", "description": topic.key},
                "schemaIdLocation": "payload",
                "schemaIdPayloadEncoding": "confluent",
                "schemaLookupStrategy": "TopicNameStrategy",
                "bindingVersion": _KAFKA_BINDING,
            }
        },
        "examples": [_example(topic)],
    }


def _headers_schema(topic: Topic) -> dict[str, Any]:
    known = {name: one for name, one in _HEADERS.items() if name != TRACEPARENT or topic.name in _TRACED}
    return {"type": "object", "required": [CORRELATION_ID], "properties": known}


def _example(topic: Topic) -> dict[str, Any]:
    value = EXAMPLES[topic.name]
    traceparent = _TRACEPARENT if topic.name in _TRACED else b""
    told = headers(
        topic, value.get("correlation_id", ""), version=value.get("version"), traceparent=traceparent
    )
    return {
        "name": "example",
        "headers": {name: said.decode() for name, said in told},
        "payload": _readable(value),
    }


def _readable(value: Any) -> Any:
    """`value` with bytes as text, as Avro's JSON has them (Avro 1.12 "JSON Encoding")."""
    if isinstance(value, bytes):
        return value.decode("latin-1")
    if isinstance(value, dict):
        return {name: _readable(one) for name, one in value.items()}
    return [_readable(one) for one in value] if isinstance(value, list | tuple) else value
