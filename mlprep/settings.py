"""Settings, read from the environment (and `.env`); each is explained in the README."""

import os
import re
import sys
from datetime import timedelta
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF, UNSAFE_INLINE

from mlprep.checked_environment import CheckedEnvironment
from mlprep.environment import read_dotenv, with_password
from mlprep.safety import bind_host_of, is_address, is_provider, is_reachable, refusals
from mlprep.secrets import read_or_create_secret_key
from mlprep.shared.limits.rates import parse_limits, redis_address

BASE_DIR = Path(__file__).resolve().parent.parent
BUILD_DIR = BASE_DIR / "build"

env = CheckedEnvironment()
read_dotenv(env, BASE_DIR)

DATA_DIR = Path(env.str("DATA_DIR", default="") or BASE_DIR / "var")
# Where and with how much the server serves, as gunicorn.conf.py reads it too.
PORT = env.number("PORT", 8000, least=0, most=65535)
env.number("WEB_CONCURRENCY", 2, least=1, most=256)
env.number("THREADS", 8, least=1, most=1024)
SITE_URL = (env.str("SITE_URL", default="") or f"http://127.0.0.1:{PORT or 8000}").rstrip("/")
ALLOW_HTTP = env.switch("ALLOW_HTTP", default=False)
REGISTRATION = env.choice("REGISTRATION", ["open", "invite", "closed"], "open")
MODERATE_FIRST_COMMENT = env.switch("MODERATE_FIRST_COMMENT", default=False)
# Exercises and the first run ask whether others can reach it.
BIND_HOST = bind_host_of(sys.argv, {**os.environ, "HOST": env.str("HOST", default="")})
OPEN_TO_OTHERS = is_reachable(SITE_URL, BIND_HOST)
DEBUG = env.switch("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="") or read_or_create_secret_key(DATA_DIR / "secret_key")
# Keys of before, by which what they signed and encrypted is still read.
SECRET_KEY_FALLBACKS = [key.strip() for key in env.str("SECRET_KEY_FALLBACKS", default="").split(",") if key.strip()]
SECRET_KEY_FALLBACKS += env.as_once_read("SECRET_KEY")
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
env.faults += refusals(
    site_url=SITE_URL,
    bind_host=BIND_HOST,
    debug=DEBUG,
    secret_key=SECRET_KEY,
    fallbacks=SECRET_KEY_FALLBACKS,
    metrics_token=METRICS_TOKEN,
    allow_http=ALLOW_HTTP,
)

LOCAL_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
_site = urlsplit(SITE_URL if is_address(SITE_URL) else "http://127.0.0.1")
_host = _site.hostname or ""
ALLOWED_HOSTS = [*LOCAL_HOSTS, f"[{_host}]" if ":" in _host else _host]
CSRF_TRUSTED_ORIGINS = [f"{_site.scheme}://{_site.netloc}"]
# An address such as https://example.org/prep puts everything below its path.
FORCE_SCRIPT_NAME = _site.path or None

INSTALLED_APPS = [
    "progress.accounts.administration.AdministrationConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "csp",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "rest_framework",
    # Its table is what processes of the release before read; the next release takes it away.
    "rest_framework.authtoken",
    "template_partials",
    "concepts",
    "progress",
    "quizzes",
    "mlprep",
]

MIDDLEWARE = [
    "mlprep.watching.requests.RequestIdMiddleware",
    "mlprep.shared.privacy.ApiOverHttpsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "mlprep.shared.isolation.IsolationMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "mlprep.shared.privacy.PrivacyMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "mlprep.shared.limits.refusing.LimitsMiddleware",
    "progress.accounts.middleware.FirstRunMiddleware",
    "progress.accounts.middleware.LetterMiddleware",
    "quizzes.attempts.middleware.OverdueQuizMiddleware",
]

ROOT_URLCONF = "mlprep.urls"
WSGI_APPLICATION = "mlprep.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "progress.accounts.context.accounts",
                "progress.moderation.context.moderation",
            ],
            "builtins": ["template_partials.templatetags.partials"],
        },
    },
]

# Data

# How long a writer waits for its turn before it is told to come back (mlprep.unavailable).
WAIT_SECONDS = env.number("DATABASE_WAIT", 20, least=1, most=600)
_own = {"ENGINE": "django.db.backends.sqlite3", "NAME": str(DATA_DIR / "mlprep.sqlite3")}
DATABASES = {"default": env.database("DATABASE_URL", _own)}
SQLITE_JOURNAL_MODE = env.choice("SQLITE_JOURNAL_MODE", ["WAL", "DELETE"], "WAL")
DATABASES["default"]["CONN_MAX_AGE"] = 60
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "timeout": WAIT_SECONDS,
        # Writers queue at BEGIN instead of failing at their first write with 'database is locked'.
        "transaction_mode": "IMMEDIATE",
        "init_command": (
            f"PRAGMA journal_mode={SQLITE_JOURNAL_MODE};"
            "PRAGMA synchronous=FULL;"
            "PRAGMA journal_size_limit=67108864;"
            "PRAGMA cache_size=-20000;"
            "PRAGMA temp_store=MEMORY;"
        ),
    }
else:
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    DATABASES["default"]["OPTIONS"] = {
        "connect_timeout": 5,
        "options": f"-c lock_timeout={WAIT_SECONDS}s",
        **DATABASES["default"].get("OPTIONS", {}),
    }
    # So many connections at most for all threads of a process, instead of one for each.
    if (_pool := env.number("DATABASE_POOL", 0, least=0, most=1000)) == 1:
        env.faults.append("DATABASE_POOL is 1; set at least 2, or 0 for a connection a thread.")
    if _pool:
        DATABASES["default"]["CONN_MAX_AGE"] = 0
        DATABASES["default"].setdefault("OPTIONS", {})["pool"] = {"min_size": 1, "max_size": _pool, "timeout": 10}
REPLICA_SECONDS = env.number("DATABASE_REPLICA_SECONDS", 10, least=1, most=86400)
if _replica := env.database("DATABASE_REPLICA_URL", {}):
    DATABASES["replica"] = _replica | {"CONN_MAX_AGE": 60, "TEST": {"MIRROR": "default"}}
    if DATABASES["replica"]["ENGINE"] == "django.db.backends.postgresql":
        DATABASES["replica"] |= {"CONN_HEALTH_CHECKS": True}
        DATABASES["replica"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 2)
    DATABASE_ROUTERS = ["mlprep.shared.replicas.ReplicaRouter"]
    # Outermost of those that read the database.
    _sessions = MIDDLEWARE.index("django.contrib.sessions.middleware.SessionMiddleware")
    MIDDLEWARE.insert(_sessions, "mlprep.shared.replicas.ReplicaMiddleware")
if _password := env.str("DATABASE_PASSWORD", default=""):
    for _database in DATABASES.values():
        _database["PASSWORD"] = _database.get("PASSWORD") or _password
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Only codes of the second step that were used are in it; it outlives Redis, as it must.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    }
}

# Long work, which waits in the database for a worker.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
WORKER = env.switch("WORKER", default=True)
# A worker that was not seen for so long is dead, and what it was at is begun anew.
TASK_LEASE = timedelta(seconds=30)

# Limits: how often something may be done. They count in Redis, or else in PostgreSQL or beside SQLite's file.
_OUR_LIMITS = {
    "comments": "20/10m",
    "comment_changes": "20/10m",
    "reports": "10/h",
    "runs": "60/5m",
    "first_run": "10/10m",
    "previews": "120/m",
    "notes": "120/m",
    "cards": "100/10m",
    "starts": "120/10m",
    "calendar": "120/h",
    "api": "600/m",
    "api_visitors": "300/m",
}
_ACCOUNT_LIMITS = {
    *("login", "login_failed", "signup", "reset_password", "reset_password_from_key", "reauthenticate"),
    *("change_password", "manage_email", "confirm_email"),
}
LIMITS_REDIS_URL = env.read(
    "CACHE_URL",
    "",
    lambda given: redis_address(given.replace("rediscache://", "redis://")),
    "an address of Redis such as redis://host:6379/0",
    secret=True,
)
LIMITS_REDIS_URL = with_password(LIMITS_REDIS_URL, env.str("CACHE_PASSWORD", default=""))
_given = env.read(
    "LIMITS",
    dict[str, str](),
    lambda given: parse_limits(given, ours=set(_OUR_LIMITS), accounts=_ACCOUNT_LIMITS),
    "limits such as comments=5/10m; login=60/m/ip",
)
LIMITS = {**_OUR_LIMITS, **{name: rate for name, rate in _given.items() if name in _OUR_LIMITS}}
ACCOUNT_RATE_LIMITS = {name: rate for name, rate in _given.items() if name in _ACCOUNT_LIMITS}
_IS_SQLITE = DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3"
LIMITS_FILE: Path | None = Path(f"{DATABASES['default']['NAME']}-limits") if _IS_SQLITE else None
LIMITS_JOURNAL_MODE = SQLITE_JOURNAL_MODE

FIXTURE_DIRS = [BASE_DIR / "fixtures"]
LIBRARY_DIR = BASE_DIR / "fixtures"

# Accounts

AUTH_USER_MODEL = "progress.User"
AUTHENTICATION_BACKENDS = ["progress.accounts.backend.OneHashBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
# Length and commonness are what make a password weak; composition rules are not (NIST SP 800-63B-4, 3.1.1.2, which
# asks for 15 characters where a password alone lets one in). On one's own machine the screen's lock guards.
# Less is guessed, more keeps people out.
PASSWORD_MIN_LENGTH = env.number("PASSWORD_MIN_LENGTH", 15 if OPEN_TO_OTHERS else 8, least=8, most=64)
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": PASSWORD_MIN_LENGTH},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "progress.accounts.passwords.ContextWordsValidator"},
]
# A letter that lets one choose a new password is good for an hour.
PASSWORD_RESET_TIMEOUT = 3600
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "today"
ACCOUNT_ADAPTER = "progress.accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {"reset_password": "progress.accounts.forms.ResetPasswordForm"}
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
# Signing up never tells whether an address has an account: two accounts may have one, and it proves neither.
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_LOGOUT_REDIRECT_URL = "today"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
SOCIALACCOUNT_ADAPTER = "progress.accounts.proving.ElsewhereAdapter"
MFA_ADAPTER = "progress.accounts.second_step.SecondStepAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
# Two accounts may have one unproved address, so nobody's is taken by a second step on another.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = _site.hostname or "mlprep"
# Browsers make passkeys for https, and for localhost while developing.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = _site.scheme == "http" and _site.hostname == "localhost"
# Seconds that the provider has for each answer.
SOCIALACCOUNT_REQUESTS_TIMEOUT = 5
OIDC_SERVER_URL = env.str("OIDC_SERVER_URL", default="")
if OIDC_SERVER_URL and not is_provider(OIDC_SERVER_URL):
    env.faults.append(f"OIDC_SERVER_URL is {OIDC_SERVER_URL!r}; set the provider's whole address, with https.")
if OIDC_SERVER_URL and not env.str("OIDC_CLIENT_ID", default=""):
    env.faults.append("OIDC_CLIENT_ID is empty; set what the provider of OIDC_SERVER_URL calls this installation.")
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "oidc",
                "name": env.str("OIDC_NAME", default="single sign-on"),
                "client_id": env.str("OIDC_CLIENT_ID", default=""),
                "secret": env.str("OIDC_CLIENT_SECRET", default=""),
                "settings": {"server_url": OIDC_SERVER_URL},
            }
        ]
        if OIDC_SERVER_URL
        else [],
    }
}
ALLAUTH_TRUSTED_PROXY_COUNT = env.number("TRUSTED_PROXY_COUNT", 0, least=0, most=10)

EMAIL_CONFIG = env.mail("EMAIL_URL")
vars().update(EMAIL_CONFIG)
# Seconds that the mail server has for each step.
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="") or f"mlprep@{_site.hostname}"
if "@" not in parseaddr(DEFAULT_FROM_EMAIL)[1] or not DEFAULT_FROM_EMAIL.isprintable():
    env.faults.append(f"DEFAULT_FROM_EMAIL is {DEFAULT_FROM_EMAIL!r}; set an address such as prep@example.org.")

# API

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "progress.accounts.token_authentication.ApiTokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PARSER_CLASSES": [
        "mlprep.shared.parsers.BoundedJSONParser",
        "rest_framework.parsers.FormParser",
        "rest_framework.parsers.MultiPartParser",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticatedOrReadOnly"],
    "DEFAULT_PAGINATION_CLASS": "mlprep.shared.pagination.Pages",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_THROTTLE_CLASSES": ["mlprep.shared.limits.throttling.CallsThrottle"],
    "EXCEPTION_HANDLER": "mlprep.shared.limits.api_errors.answer_exception",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "mlprep API",
    "DESCRIPTION": (
        "Concepts, quizzes, comments and mastery. Send `Authorization: Token …`, with a token of your account page; "
        "one that may only read is refused (403) with any method but GET, HEAD and OPTIONS."
    ),
    "VERSION": "1",
    "SERVERS": [{"url": _site.path or "/"}],
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/api/v1/",
    "ENUM_NAME_OVERRIDES": {
        "PriorityEnum": "concepts.models.Priority",
        "StatusEnum": "concepts.models.Status",
        "AnsweredEnum": "quizzes.mocks.models.Answered",
        "MockKindEnum": "quizzes.domain.mocks.script.KIND_CHOICES",
        "RoleEnum": "quizzes.domain.mocks.script.ROLE_CHOICES",
    },
}

# Browser security

_HTTPS = _site.scheme == "https"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _HTTPS
SESSION_COOKIE_NAME = "__Host-session" if _HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if _HTTPS else "csrf"
CSRF_COOKIE_HTTPONLY = True
MESSAGE_STORAGE = "mlprep.shared.notices.Notices"
SESSION_ENGINE = "progress.accounts.sessions"
# Two weeks without a visit end a session; progress/accounts/sessions.py ends it after a month in any case.
SESSION_COOKIE_AGE = 14 * 86_400
WROTE_COOKIE_NAME = "__Host-wrote" if _HTTPS else "wrote"
SECURE_SSL_REDIRECT = _HTTPS
# Whatever watches the process asks it directly, without the proxy.
SECURE_REDIRECT_EXEMPT = [rf"^{re.escape(_site.path[1:] + '/') if _site.path else ''}(healthz|readyz|metrics)$"]
SECURE_HSTS_SECONDS = 31536000 if _HTTPS else 0
# Other names below the domain, and the browsers' preload list, are for whoever owns the domain to decide.
_subdomains = env.switch("HSTS_SUBDOMAINS", default=False)
SECURE_HSTS_INCLUDE_SUBDOMAINS = _HTTPS and _subdomains
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SECURE_REFERRER_POLICY = "same-origin"
if ALLAUTH_TRUSTED_PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
# What no page needs; a mock interview asks for the microphone on its own page.
PERMISSIONS_POLICY: dict[str, str | list[str] | tuple[str]] = {
    **{
        name: []
        for name in (
            *("accelerometer", "autoplay", "camera", "display-capture", "encrypted-media", "geolocation", "gyroscope"),
            *("magnetometer", "microphone", "midi", "payment", "usb", "xr-spatial-tracking"),
        )
    },
    "fullscreen": ["self"],
}
_oidc = urlsplit(OIDC_SERVER_URL)
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        # KaTeX places its glyphs with style attributes; user text loses every style it writes.
        "style-src-attr": [UNSAFE_INLINE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        # Signing in elsewhere begins with a form that leads there.
        "form-action": [SELF, *([f"{_oidc.scheme}://{_oidc.netloc}"] if OIDC_SERVER_URL else [])],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
    },
}

# Text, time, files

LANGUAGE_CODE = "en-us"
TIME_ZONE = env.time_zone("TIME_ZONE", "UTC")
USE_I18N = False
USE_TZ = True
STATIC_URL = f"{_site.path}/static/"
STATIC_ROOT = BUILD_DIR / "collected"
STATICFILES_DIRS = [("site", BUILD_DIR / "static")]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
KATEX_SCRIPT = BUILD_DIR / "katex.min.js"

# Watching

LOG_LEVEL = env.choice("LOG_LEVEL", ["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"], "INFO")
LOG_FORMAT = env.choice("LOG_FORMAT", ["line", "json"], "line")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "request_id": {"()": "mlprep.watching.requests.RequestIdFilter"},
        "without_traces": {"()": "mlprep.unavailable.WithoutTraces"},
    },
    "formatters": {
        "line": {
            "()": "mlprep.watching.lines.LineFormatter",
            "format": "{asctime} {levelname} {name} [{request_id}]: {message}",
            "style": "{",
        },
        "json": {
            "()": "mlprep.watching.lines.JsonLineFormatter",
            "format": "{asctime}{levelname}{name}{request_id}{message}",
            "style": "{",
            "rename_fields": {"asctime": "time", "levelname": "level", "name": "logger"},
        },
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": LOG_FORMAT,
            "filters": ["request_id", "without_traces"],
        }
    },
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    # A line for each request is for machines that read it.
    "loggers": {
        "mlprep.requests": {"level": "INFO" if LOG_FORMAT == "json" else "WARNING"},
        # To each HEAD it says that it leaves the body out, as Django expects of a server.
        "gunicorn.http.wsgi": {"level": "ERROR"},
    },
}

env.refuse()
