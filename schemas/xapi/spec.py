"""Names of specification sections, as they are quoted to senders.

Both editions are named because senders speak both: IEEE 9274.1.1 (xAPI 2.0,
https://opensource.ieee.org/xapi/xapi-base-standard-documentation) and xAPI 1.0.3
(https://github.com/adlnet/xAPI-Spec/blob/master/xAPI-Data.md).
"""


def spec(ieee: str, data: str) -> str:
    """Quote section `ieee` of IEEE 9274.1.1 and section `data` of xAPI 1.0.3 Part Two (Data)."""
    return f"IEEE 9274.1.1 {ieee}; xAPI 1.0.3 Data {data}"


FORMATTING = spec("4.2.4.1", "2.2")
STATEMENT_ID = spec("4.2.4.2", "2.4.1")
ACTOR = spec("4.2.2.1", "2.4.2")
GROUP = spec("4.2.2.1", "2.4.2.2")
IDENTIFIER = spec("4.2.2.1", "2.4.2.3")
ACCOUNT = spec("4.2.2.1", "2.4.2.4")
VERB = spec("4.2.2.2", "2.4.3")
OBJECT = spec("4.2.2.3", "2.4.4")
ACTIVITY = spec("4.2.2.3", "2.4.4.1")
STATEMENT_OBJECT = spec("4.2.2.3", "2.4.4.3")
RESULT = spec("4.2.2.4", "2.4.5")
SCORE = spec("4.2.2.4", "2.4.5.1")
CONTEXT = spec("4.2.2.5", "2.4.6")
CONTEXT_ACTIVITIES = spec("4.2.2.5", "2.4.6.2")
CONTEXT_AGENTS = "IEEE 9274.1.1 4.2.2.5"
TIMESTAMP = spec("4.2.4.2", "2.4.7")
STORED = spec("4.2.4.2", "2.4.8")
AUTHORITY = spec("4.2.4.2", "2.4.9")
VERSION = spec("4.2.4.3", "2.4.10")
ATTACHMENT = spec("4.2.2.6", "2.4.11")
VOIDING = spec("4.2.5", "2.3.2")
EXTENSIONS = spec("4.2.7", "4.1")
LANGUAGE = spec("4.2.7", "4.2")
IRI = spec("4.2.7", "4.3")
UUID = spec("4.2.7", "4.4")
DATE_TIME = spec("4.2.7", "4.5")
DURATION = spec("4.2.7", "4.6")

SECTION_OF_PROPERTY = {
    "id": STATEMENT_ID,
    "actor": ACTOR,
    "member": GROUP,
    "mbox": IDENTIFIER,
    "mbox_sha1sum": IDENTIFIER,
    "openid": IDENTIFIER,
    "account": ACCOUNT,
    "verb": VERB,
    "object": OBJECT,
    "definition": ACTIVITY,
    "result": RESULT,
    "score": SCORE,
    "context": CONTEXT,
    "contextActivities": CONTEXT_ACTIVITIES,
    "contextAgents": CONTEXT_AGENTS,
    "contextGroups": CONTEXT_AGENTS,
    "timestamp": TIMESTAMP,
    "stored": STORED,
    "authority": AUTHORITY,
    "version": VERSION,
    "attachments": ATTACHMENT,
    "extensions": EXTENSIONS,
}
"""Where the specification speaks of a property; the deepest one on the way to a fault is quoted."""
