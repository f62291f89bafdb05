"""Extensions: IRIs to any JSON, null included, never interpreted here.

IEEE 9274.1.1 4.2.7, xAPI 1.0.3 Data 4.1.
"""

from typing import Any

from schemas.xapi.iri import Iri

Extensions = dict[Iri, Any]
