"""A request of ClickHouse's HTTP interface, taken apart: functions over values, no socket.

https://clickhouse.com/docs/interfaces/http
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from email import message_from_bytes
from urllib.parse import parse_qsl

from readystream.embedded.statement import Statement

_TRANSPORT = frozenset(
    {
        *("query", "database", "default_format", "query_id", "quota_key", "role", "user", "password"),
        *("session_id", "session_timeout", "session_check", "client_protocol_version"),
        *("compress", "decompress", "enable_http_compression", "buffer_size", "wait_end_of_query"),
        *("send_progress_in_http_headers", "http_headers_progress_interval_ms"),
        *("http_write_exception_in_output_format", "cancel_http_readonly_queries_on_client_close"),
    }
)
"""Parameters that concern the transport; all others are the engine's settings, or `param_` values."""

_COMMENTS = rb"(?:\s+|--[^\n]*\n|/\*.*?\*/)*"
_INSERT = re.compile(
    _COMMENTS + rb"(?P<sql>INSERT\s+INTO\b(?:(?!\b(?:SELECT|VALUES|WITH)\b).)*?)"
    rb"\bFORMAT\s+(?P<format>\w+)[ \t]*(?:\r?\n|\Z|(?=\S))",
    re.IGNORECASE | re.DOTALL,
)
_INSERT_THROUGH = re.compile(
    _COMMENTS + rb"(?P<sql>INSERT\s+INTO\b.*?\bFROM\s+input\s*\(.*?)"
    rb"\bFORMAT\s+(?P<format>\w+)[ \t]*(?:\r?\n|\Z|(?=\S))",
    re.IGNORECASE | re.DOTALL,
)
"""An insert that makes its rows of what it reads: `INSERT INTO t SELECT … FROM input('…') FORMAT x`."""

_FORMAT = re.compile(r"\bFORMAT\s+(\w+)\s*(?:SETTINGS\b[^;]*)?[;\s]*\Z", re.IGNORECASE)

_STREAMABLE = frozenset({"Native", "TabSeparated", "TSV", "CSV", "RowBinary", "JSONEachRow"})
"""Formats whose blocks, one after the other, are the whole: the others have a head or a foot."""


@dataclass(frozen=True, slots=True)
class Query:
    """A statement that may have a result.

    `format_named`: the request says how the result is written; else a line with the column names comes first,
    which tells an empty result from none. `streamed`: the result is to be sent block by block.
    """

    statement: Statement
    format_named: bool
    streamed: bool


@dataclass(frozen=True, slots=True)
class Insert:
    """Rows for a table, in the statement's format."""

    statement: Statement
    data: bytes


def parse(parameters: str, content_type: str, body: bytes) -> Query | Insert:
    """What the request asks for: `parameters` are those of its address, `body` is decoded."""
    fields = dict(parse_qsl(parameters, keep_blank_values=True))
    if content_type.startswith("multipart/form-data"):
        fields |= _form_fields(content_type, body)
        body = b""
    sql = b"\n".join(part for part in (fields.get("query", "").encode(), body) if part)
    if match := _INSERT.match(sql) or _INSERT_THROUGH.match(sql):
        statement = _statement(fields, match["sql"].decode(), match["format"].decode())
        return Insert(statement, sql[match.end() :])
    return _query(fields, sql.decode())


def _query(fields: Mapping[str, str], sql: str) -> Query:
    match = _FORMAT.search(sql)
    name = match[1] if match else fields.get("default_format")
    streamed = name in _STREAMABLE and fields.get("wait_end_of_query") != "1"
    return Query(_statement(fields, sql, name or "TabSeparatedWithNames"), name is not None, streamed)


def _statement(fields: Mapping[str, str], sql: str, data_format: str) -> Statement:
    return Statement(
        sql=sql,
        format=data_format,
        database=fields.get("database"),
        settings={k: v for k, v in fields.items() if k not in _TRANSPORT and not k.startswith("param_")},
        parameters={k.removeprefix("param_"): v for k, v in fields.items() if k.startswith("param_")},
    )


def _form_fields(content_type: str, body: bytes) -> dict[str, str]:
    message = message_from_bytes(f"Content-Type: {content_type}\r\n\r\n".encode() + body)
    fields = {}
    for part in message.walk():
        name = part.get_param("name", header="content-disposition")
        payload = part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(payload, bytes):
            fields[name] = payload.decode()
    return fields
