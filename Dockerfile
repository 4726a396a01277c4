# One image, several roles: `serve` (default), `worker`, `migrate`, and every other command of `engage`.

FROM node:22-bookworm-slim AS pages
WORKDIR /app/frontend
COPY frontend/package.json frontend/package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY frontend/ ./
COPY openapi/ ../openapi/
RUN npm run build

FROM python:3.11-slim-bookworm AS packages
RUN python -m venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH
WORKDIR /app
COPY requirements.lock ./
RUN pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY api/ api/
COPY domain/ domain/
COPY adapters/ adapters/
COPY workers/ workers/
COPY migrations/ migrations/
# Editable: the code stays in /app, where the migrations and the built pages lie beside it.
RUN pip install --no-cache-dir --disable-pip-version-check --no-deps --no-build-isolation -e . \
    && python -m compileall -q /opt/venv/lib api domain adapters workers migrations

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin engage
COPY --from=packages /opt/venv /opt/venv
COPY --from=packages /app /app
COPY --from=pages /app/frontend/dist /app/frontend/dist
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    ENGAGE_HOST=0.0.0.0 \
    ENGAGE_DATA_DIR=/tmp/engage \
    ENGAGE_LOG_FORMAT=json
WORKDIR /app
USER engage
EXPOSE 8000
STOPSIGNAL SIGTERM
# Of the process alone; whether it can serve is on /readyz. Workers have no port: switch it off for them.
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=2)"]
ENTRYPOINT ["engage"]
CMD ["serve"]
