"""Coverage-guided fuzzing of the readers with Atheris (libFuzzer): `make fuzz`.

`python -m tests.fuzz.run` takes libFuzzer's arguments, such as `-max_total_time=60`. The corpus stays in
`.data/fuzz/corpus`; an input that broke something is written to `.data/fuzz/`, and
`python -m tests.fuzz.run FILE` runs it again.
"""

import logging
import sys
from hashlib import sha1
from pathlib import Path

import atheris

_HOME = Path(".data/fuzz")
_BOUNDS = ["-rss_limit_mb=2048", "-timeout=20", "-max_len=262144", "-print_final_stats=1"]

with atheris.instrument_imports(
    include=["lrs_adapter", "schemas", "streams", "python_multipart", "json", "zipfile", "csv"]
):
    from tests.fuzz.seeds import seeds
    from tests.fuzz.target import consume


def main() -> None:
    """Run libFuzzer; it ends the process, with an exit code other than 0 for a finding."""
    logging.disable()
    corpus = _HOME / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    for seed in seeds():
        (corpus / sha1(seed, usedforsecurity=False).hexdigest()).write_bytes(seed)
    named = [argument for argument in sys.argv[1:] if not argument.startswith("-")]
    arguments = [sys.argv[0], *_BOUNDS, f"-artifact_prefix={_HOME}/", *sys.argv[1:]]
    atheris.Setup(arguments if named else [*arguments, str(corpus)], consume)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
