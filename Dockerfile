# The wheel and its locked dependencies on a small Python; never the tree it was built from.
#   docker build -t duewatch .
#   docker run --rm -v duewatch:/var/lib/duewatch -v "$PWD:/etc/duewatch:ro" duewatch status
ARG BASE=docker.io/library/python:3.12-slim

FROM ${BASE} AS build
# The compiler is for durable-rules, which comes as source only; whatever version Debian has will do.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends gcc libc6-dev \
    && rm -rf /var/lib/apt/lists/*
ENV CPPFLAGS=-DPyEval_CallObject=PyObject_CallObject \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_CACHE_DIR=1
WORKDIR /build
RUN python3 -m venv /opt/duewatch
COPY requirements/build.txt requirements/run.txt requirements/
RUN /opt/duewatch/bin/pip install --require-hashes -r requirements/build.txt \
    && /opt/duewatch/bin/pip install --require-hashes --no-build-isolation -r requirements/run.txt
COPY . .
RUN /opt/duewatch/bin/pip wheel --no-deps --no-build-isolation --wheel-dir /wheel . \
    && /opt/duewatch/bin/pip install --no-deps --no-index /wheel/*.whl \
    && /opt/duewatch/bin/pip uninstall -y packaging setuptools wheel pip

FROM ${BASE}
RUN useradd --uid 1000 --user-group --no-create-home --home-dir /var/lib/duewatch duewatch \
    && install -d -o duewatch -g duewatch -m 700 /var/lib/duewatch
COPY --from=build /opt/duewatch /opt/duewatch
# What it watches and whom it tells: examples, to be covered by a mounted folder.
COPY obligations.yaml contacts.yaml /etc/duewatch/
ENV PATH=/opt/duewatch/bin:$PATH \
    PYTHONSAFEPATH=1 \
    PYTHONUNBUFFERED=1 \
    DUEWATCH_DATABASE_URL=sqlite:////var/lib/duewatch/duewatch.db
VOLUME ["/var/lib/duewatch"]
WORKDIR /etc/duewatch
USER 1000
# Late obligations are no fault of the container: only a watch that cannot be trusted makes it unhealthy.
HEALTHCHECK --interval=5m --timeout=60s --start-period=2m --retries=2 \
    CMD ["sh", "-c", "duewatch health || test $? -eq 1"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["duewatch"]
CMD ["run"]
