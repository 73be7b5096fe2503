"""Settings, read from the environment (and `.env`); each is explained in the README."""

from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF, UNSAFE_INLINE
from django.core.exceptions import ImproperlyConfigured

from mlprep.safety import refusals
from mlprep.secrets import read_or_create_secret_key

BASE_DIR = Path(__file__).resolve().parent.parent
BUILD_DIR = BASE_DIR / "build"

env = environ.FileAwareEnv()
env.read_env(BASE_DIR / ".env")

DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "var")))
SITE_URL = env.str("SITE_URL", default="http://127.0.0.1:8000").rstrip("/")
REGISTRATION = env.str("REGISTRATION", default="open")
# Where the server listens, as `make run` tells; exercises ask whether others can reach it.
BIND_HOST = env.str("HOST", default="")
DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="") or read_or_create_secret_key(DATA_DIR / "secret_key")
if _refused := refusals(site_url=SITE_URL, bind_host=BIND_HOST, debug=DEBUG, secret_key=SECRET_KEY):
    raise ImproperlyConfigured(" ".join(_refused))

LOCAL_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
_site = urlsplit(SITE_URL)
ALLOWED_HOSTS = [*LOCAL_HOSTS, _site.hostname or ""]
CSRF_TRUSTED_ORIGINS = [f"{_site.scheme}://{_site.netloc}"]
# An address such as https://example.org/prep puts everything below its path.
FORCE_SCRIPT_NAME = _site.path or None

INSTALLED_APPS = [
    "django.contrib.admin",
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
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "rest_framework",
    "rest_framework.authtoken",
    "template_partials",
    "concepts",
    "progress",
    "quizzes",
    "mlprep",
]

MIDDLEWARE = [
    "mlprep.watching.requests.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "mlprep.shared.isolation.IsolationMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "progress.accounts.middleware.FirstRunMiddleware",
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
            ],
            "builtins": ["template_partials.templatetags.partials"],
        },
    },
]

# Data

# How long a writer waits for its turn before it is told to come back (mlprep.unavailable).
WAIT_SECONDS = env.int("DATABASE_WAIT", default=20)
DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'mlprep.sqlite3'}")}
DATABASES["default"]["CONN_MAX_AGE"] = 60
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "timeout": WAIT_SECONDS,
        # Writers queue at BEGIN instead of failing at their first write with 'database is locked'.
        "transaction_mode": "IMMEDIATE",
        "init_command": (
            f"PRAGMA journal_mode={env.str('SQLITE_JOURNAL_MODE', default='WAL')};"
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
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Rate limits count in the cache, so it is shared by all processes: Redis, or else a database table, which also
# counts while Redis is away.
_DATABASE_CACHE = {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}
CACHES = {"default": _DATABASE_CACHE}
if env.str("CACHE_URL", default=""):
    CACHES = {"default": env.cache_url("CACHE_URL"), "without-redis": _DATABASE_CACHE}
    if CACHES["default"]["BACKEND"].endswith("RedisCache"):
        CACHES["default"]["BACKEND"] = "mlprep.shared.caching.SteadyRedisCache"

FIXTURE_DIRS = [BASE_DIR / "fixtures"]
LIBRARY_DIR = BASE_DIR / "fixtures"

# Accounts

AUTH_USER_MODEL = "progress.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
# Length and commonness are what make a password weak; composition rules are not (NIST SP 800-63B).
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "today"
ACCOUNT_ADAPTER = "progress.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_LOGOUT_REDIRECT_URL = "today"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
MFA_ADAPTER = "progress.accounts.second_step.SecondStepAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = _site.hostname or "mlprep"
# Browsers make passkeys for https, and for localhost while developing.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = _site.scheme == "http" and _site.hostname == "localhost"
OIDC_SERVER_URL = env.str("OIDC_SERVER_URL", default="")
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
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)

EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default=f"mlprep@{_site.hostname}")

# API

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "rest_framework.authentication.TokenAuthentication",
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
}
SPECTACULAR_SETTINGS = {
    "TITLE": "mlprep API",
    "DESCRIPTION": "Concepts, quizzes, comments and mastery. Send `Authorization: Token …`.",
    "VERSION": "1",
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
SECURE_SSL_REDIRECT = _HTTPS
# Whatever watches the process asks it directly, without the proxy.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_HSTS_SECONDS = 31536000 if _HTTPS else 0
# Other names below the domain, and the browsers' preload list, are for whoever owns the domain to decide.
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
        "frame-ancestors": [NONE],
    },
}

# Text, time, files

LANGUAGE_CODE = "en-us"
TIME_ZONE = env.str("TIME_ZONE", default="UTC")
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

METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
LOG_FORMAT = env.str("LOG_FORMAT", default="line")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "mlprep.watching.requests.RequestIdFilter"}},
    "formatters": {
        "line": {"format": "{asctime} {levelname} {name} [{request_id}]: {message}", "style": "{"},
        "json": {
            "()": "pythonjsonlogger.json.JsonFormatter",
            "format": "{asctime}{levelname}{name}{request_id}{message}",
            "style": "{",
            "rename_fields": {"asctime": "time", "levelname": "level", "name": "logger"},
        },
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT, "filters": ["request_id"]}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    # A line for each request is for machines that read it.
    "loggers": {"mlprep.requests": {"level": "INFO" if LOG_FORMAT == "json" else "WARNING"}},
}
