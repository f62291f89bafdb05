"""What all nouns share: unknown properties are refused and no value is coerced.

IEEE 9274.1.1 4.2.4.1, xAPI 1.0.3 Data 2.2. A noun is a typed dictionary that bears the specification's own
names: what was received stays what it is, and a property that is absent differs from one that is null.
"""

from pydantic import ConfigDict

STRICT = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)
