# The desk as an image: the wheel and the locked libraries in one folder, no compiler, no pip, no root.
# Tags and not digests: an image that is built again shall have the security fixes of its base.

FROM python:3.13-slim-trixie AS build
WORKDIR /build
# Before the source: a change of ours does not install the libraries anew.
COPY requirements.lock requirements-telemetry.lock ./
# Anything here takes along what sends traces (docs/howto/traces.md).
ARG TELEMETRY=""
RUN python -m venv /csts && /csts/bin/pip install --no-cache-dir --no-deps --require-hashes \
    -r requirements.lock ${TELEMETRY:+-r requirements-telemetry.lock}
COPY pyproject.toml README.md LICENSE ./
COPY src src
RUN /csts/bin/pip wheel --no-cache-dir --no-deps --wheel-dir /wheels . \
    && /csts/bin/pip install --no-cache-dir --no-deps /wheels/*.whl \
    && /csts/bin/pip uninstall --yes pip

FROM python:3.13-slim-trixie
RUN useradd --system --uid 10001 --home-dir /data --no-create-home csts \
    && install --directory --owner csts --group csts --mode 0700 /data
COPY --from=build /csts /csts
# Everything that is written goes to /data; the rest of the file system may be read-only.
ENV PATH=/csts/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    CSTS_DATA=/data \
    CSTS_HOST=0.0.0.0 \
    CSTS_DEMO=0 \
    CSTS_LOG_FORMAT=json
USER csts
WORKDIR /data
VOLUME /data
EXPOSE 8000
# Alive, and not ready: a desk whose Redis is gone still serves its readers, and a restart would end their sockets.
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
ENTRYPOINT ["csts"]
CMD ["serve"]
