# One image for every process; the command chooses which. Pin the base by digest where images have to be the same to
# the byte: PYTHON_IMAGE=python:3.13-slim@sha256:…
ARG PYTHON_IMAGE=python:3.13-slim

FROM ${PYTHON_IMAGE} AS build
# Byte code that depends on the source alone, not on when it was copied.
ENV SOURCE_DATE_EPOCH=315532800
COPY requirements-runtime.lock /src/
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes -r /src/requirements-runtime.lock
COPY pyproject.toml README.md LICENSE /src/
COPY schemas /src/schemas
COPY lrs_adapter /src/lrs_adapter
COPY streams /src/streams
COPY sinks /src/sinks
COPY dashboards /src/dashboards
COPY readystream /src/readystream
RUN /venv/bin/pip install --no-cache-dir --no-deps --no-build-isolation /src \
    && /venv/bin/pip uninstall --yes hatchling pip

FROM ${PYTHON_IMAGE}
# A named volume takes its owner from the folder that it is mounted over.
RUN useradd --system --uid 10001 --home-dir /app --create-home readystream \
    && install --directory --owner readystream /var/lib/readystream/attachments /var/lib/readystream/hr-nonces
COPY --from=build /venv /venv
COPY config /app/config
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1
WORKDIR /app
USER 10001
ENTRYPOINT ["readystream"]
CMD ["--help"]
