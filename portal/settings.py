"""All settings in one file. Every value comes from the environment through a strict parser.

Nothing here differs between development and production except values: `BASE_URL` decides whether the portal runs in the
https profile (Secure `__Host-` cookies, HSTS) or in the loopback one. The variables are listed in the README.
"""

from __future__ import annotations

import secrets
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from environs import Env

from portal.administration.colours import BLUE

ROOT = Path(__file__).resolve().parent.parent
env = Env(eager=True)

# --- keys -----------------------------------------------------------------------------------------------------
# BANCHENG_KEYS=ephemeral gives throw-away keys to a process that touches no data (check, mypy, makemigrations).
EPHEMERAL_KEYS = env.str("BANCHENG_KEYS", "") == "ephemeral"


def _key(name: str) -> str:
    """Return one secret; refuse to start without it or with a short one."""
    value = env.str(name, "")
    if not value and EPHEMERAL_KEYS:
        value = secrets.token_hex(32)
    if len(value) < 32:
        raise ImproperlyConfigured(f"环境变量 {name} 未设置或少于 32 个字符。")
    return value


def _keyring(name: str) -> dict[str, str]:
    """Parse `id:hex64,id:hex64`; the first key writes, the others only read (rotation)."""
    value = env.str(name, "")
    if not value and EPHEMERAL_KEYS:
        value = f"k1:{secrets.token_hex(32)}"
    ring = dict(part.strip().split(":", 1) for part in value.split(",") if ":" in part)
    if not ring or any(len(key) != 64 for key in ring.values()):
        raise ImproperlyConfigured(f"环境变量 {name} 应为 编号:64位十六进制 的列表,如 k1:ab12…。")
    return ring


SECRET_KEY = _key("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", [])
FIELD_KEYS = _keyring("FIELD_KEYS")  # wraps the key of each case
CHAIN_KEYS = _keyring("CHAIN_KEYS")  # timeline hash chain
INDEX_KEY = _key("INDEX_KEY")  # blind indexes
CODE_PEPPER = _key("CODE_PEPPER")  # query codes
FIELD_CIPHER = env.str(
    "FIELD_CIPHER", "aes", validate=lambda v: v in {"aes", "sm4"} or _refuse("FIELD_CIPHER", v)
)


def _refuse(name: str, value: str) -> None:
    raise ImproperlyConfigured(f"环境变量 {name} 的值无效:{value}")


# --- addresses ------------------------------------------------------------------------------------------------
BASE_URL = env.str("BASE_URL", "http://127.0.0.1:8000").rstrip("/")
_base = urlsplit(BASE_URL)
if _base.scheme not in {"http", "https"} or not _base.hostname:
    raise ImproperlyConfigured(
        f"环境变量 BASE_URL 应为完整地址,如 https://bbcs.example.gov.cn,现为:{BASE_URL}"
    )
HTTPS = _base.scheme == "https"
LOOPBACK = _base.hostname in {"127.0.0.1", "localhost", "::1"}
if not HTTPS and not LOOPBACK:
    raise ImproperlyConfigured(
        "BASE_URL 用 http 时只能是本机地址(127.0.0.1、localhost),其他地址必须用 https。"
    )
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS", ["127.0.0.1", "localhost", "[::1]"] if LOOPBACK else [_base.hostname]
)
CSRF_TRUSTED_ORIGINS = [BASE_URL]
DEBUG = env.bool("DEBUG", False)

# --- applications ---------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "unfold",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "pgtrigger",
    "django_htmx",
    "rest_framework",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "cases",
    "escalation",
    "portal.accounts",
    "portal",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "portal.middleware.RequestNumberMiddleware",
    "csp.middleware.CSPMiddleware",
    "portal.middleware.HeadersMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "portal.middleware.PlainRefusalMiddleware",
    "portal.middleware.ExpiredSessionMiddleware",
    "portal.opening.middleware.FirstRunMiddleware",
    "portal.opening.middleware.NewPasswordMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.shell.shell",
            ],
            "builtins": ["portal.templatetags.bancheng"],
        },
    }
]

# --- database, broker -----------------------------------------------------------------------------------------
# Without DATABASE_URL there is no database: commands that need none (check, mypy) must not reach one by accident.
DATABASES = {
    "default": env.dj_db_url(
        "DATABASE_URL", "postgres://none@127.0.0.1:1/none", conn_max_age=60, conn_health_checks=True
    )
}
DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)
DATABASES["default"]["OPTIONS"].setdefault("options", "-c lock_timeout=3000 -c timezone=UTC")
APP_ROLE = env.str(
    "APP_ROLE", ""
)  # the role that gets no UPDATE/DELETE on append-only tables (see README, operations)

REDIS_URL = env.str("REDIS_URL", "redis://127.0.0.1:1/0")
CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_PUBLISH_RETRY = False  # Redis is the doorbell: nobody waits at a counter for it
CELERY_TASK_DEFAULT_QUEUE = "work"
CELERY_TIMEZONE = "Asia/Shanghai"

# --- language and time ----------------------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

# --- accounts -------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "rooms"
LOGOUT_REDIRECT_URL = "citizen:home"
ACCOUNT_ADAPTER = "portal.accounts.adapter.AccountAdapter"
MFA_ADAPTER = "portal.accounts.adapter.MFAAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = {"login_failed": "10/h/key,20/h/ip", "login": "60/m/ip"}
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", 0)
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "办成"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
# allauth's rate limits live in the cache: it must survive Redis, so the cache is a table of PostgreSQL.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "portal_cache"}}

# --- sessions, cookies, headers -------------------------------------------------------------------------------
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 9 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "portal.errors.csrf_failure"
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_SSL_REDIRECT = HTTPS and env.bool("SSL_REDIRECT", True)
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]  # `up` and monitoring ask over loopback
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_PROXY", False) else None
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
        "object-src": ["'none'"],
        "media-src": ["'self'"],
        "worker-src": ["'self'"],
        "manifest-src": ["'self'"],
    }
}

# --- files ----------------------------------------------------------------------------------------------------
DATA = Path(env.str("BANCHENG_DATA", str(ROOT / ".data"))).resolve()
PRIVATE_FILES = DATA / "files"  # attachments; never below a served folder
STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
STATICFILES_DIRS = [ROOT / "static"]
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": PRIVATE_FILES},
    },
    "staticfiles": {
        "BACKEND": env.str("STATIC_STORAGE", "portal.staticstore.StaticStorage"),
    },
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700

# --- logging: no personal data; what a request carries is never logged -------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.log_level("LOG_LEVEL", "WARNING")},
    "loggers": {"django.request": {"level": "ERROR"}, "bancheng": {"level": "INFO"}},
}

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
}

UNFOLD = {
    "SITE_TITLE": "办成 · 基础数据",
    "SITE_HEADER": "办成 · 基础数据",
    "SHOW_VIEW_ON_SITE": False,
    "ENVIRONMENT": "portal.opening.state.environment",
    "COLORS": {"primary": BLUE},
}
