"""Django's settings. What a site may choose comes from STEELYARD_* variables; the rest is fixed here."""

import os
from pathlib import Path
from typing import Any

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from steelyard.config import folder, logs

PACKAGE = Path(__file__).resolve().parent.parent


def is_on(name: str, default: str = "0") -> bool:
    return os.environ.get(name, default).lower() in {"1", "true", "yes", "on"}


STEELYARD_DATA = folder.data_folder()
# "" for the folder `inbox` in the data folder.
STEELYARD_INBOX = os.environ.get("STEELYARD_INBOX", "")
STEELYARD_HTTPS = is_on("STEELYARD_HTTPS")
SECRET_KEY = folder.secret_key(STEELYARD_DATA)
DEBUG = is_on("STEELYARD_DEBUG")
ALLOWED_HOSTS = os.environ.get("STEELYARD_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("STEELYARD_ORIGINS", "").split(",") if origin]

# Ours come first: their templates and their words win over those of the packages.
INSTALLED_APPS = [
    "steelyard.config",
    "steelyard.web",
    "steelyard.apps.accounts",
    "steelyard.apps.people",
    "steelyard.apps.access",
    "steelyard.apps.jobs",
    "steelyard.apps.comments",
    "steelyard.apps.data",
    "steelyard.apps.measure",
    "steelyard.apps.diagnose",
    "steelyard.apps.causes",
    "steelyard.apps.process",
    "steelyard.apps.goals",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "csp",
    "django_tasks",
    "django_tasks_db",
]

MIDDLEWARE = [
    "steelyard.web.middleware.asked_once",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "steelyard.web.middleware.language",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "steelyard.web.middleware.PolicyMiddleware",
    "steelyard.web.middleware.RefusedMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "steelyard.config.urls"
WSGI_APPLICATION = "steelyard.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "steelyard.web.shell.context",
            ],
        },
    }
]

# Databases: SQLite in the data folder, or the one that the site names.
SQLITE: dict[str, Any] = {
    "ENGINE": "django.db.backends.sqlite3",
    "NAME": STEELYARD_DATA / "steelyard.sqlite3",
    "OPTIONS": {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
    },
}
DATABASES: dict[str, Any] = {"default": SQLITE}
if database_url := os.environ.get("STEELYARD_DATABASE_URL"):
    DATABASES["default"] = dj_database_url.parse(database_url, conn_max_age=60, conn_health_checks=True)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Jobs: the queue is in the same database, so that a job is queued in the transaction that wants it.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}

# Accounts
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "steelyard.apps.accounts.adapter.Adapter"
ACCOUNT_FORMS = {"login": "steelyard.apps.accounts.forms.LoginForm"}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_LOGOUT_REDIRECT_URL = LOGIN_URL
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Steelyard"
MFA_ADAPTER = "steelyard.apps.accounts.adapter.SecondFactorAdapter"
PASSWORD_RESET_TIMEOUT = 7 * 24 * 3600  # how long an invitation's link holds
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_CALLABLE = "steelyard.apps.accounts.adapter.login_name"
AXES_LOCKOUT_CALLABLE = "steelyard.apps.accounts.adapter.locked_out"
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False

# Amounts in several currencies are brought to this one, at the rates of the data.
STEELYARD_CURRENCY = os.environ.get("STEELYARD_CURRENCY", "CNY").upper()

# The month in which the fiscal year starts; 1: it is the calendar year.
STEELYARD_FISCAL_START = int(os.environ.get("STEELYARD_FISCAL_START", "1"))
if STEELYARD_FISCAL_START not in range(1, 13):
    raise ImproperlyConfigured("STEELYARD_FISCAL_START is a month from 1 to 12")

# Who may see what: the apps below `access`, and the shell, reach the one policy through this name.
STEELYARD_POLICY = "steelyard.apps.access.policy"
# What the shell shows of the data: a function of the viewer that answers a date or None.
STEELYARD_DATA_DATE = "steelyard.apps.data.queries.data_date"
# So many days after its end a month's scorecards are kept as they stand.
STEELYARD_KEEP_AFTER_DAYS = int(os.environ.get("STEELYARD_KEEP_AFTER_DAYS", "5"))
# The kinds of job that each publication asks for, with `{"snapshot": id}`.
STEELYARD_AFTER_PUBLICATION = ["measure.points", "data.quality"]
# The kinds of job that each computation of points asks for, with `{"points": id}`.
STEELYARD_AFTER_POINTS = ["goals.outlooks"]

# Languages and time
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("zh-hans", _("Simplified Chinese"))]
LOCALE_PATHS = [PACKAGE / "web" / "locale"]
LANGUAGE_COOKIE_NAME = "steelyard_language"
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = STEELYARD_HTTPS
TIME_ZONE = os.environ.get("STEELYARD_TIME_ZONE", "Asia/Shanghai")
USE_TZ = True

# Static files come out of the packages, without a collecting step unless a site makes one.
STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_MAX_AGE = 0 if DEBUG else 3600

# The browser is told to take nothing from elsewhere.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if STEELYARD_HTTPS else 0
SECURE_SSL_REDIRECT = STEELYARD_HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if is_on("STEELYARD_BEHIND_PROXY") else None
SESSION_COOKIE_NAME = "steelyard_session"
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = STEELYARD_HTTPS
SESSION_COOKIE_AGE = 14 * 24 * 3600
CSRF_COOKIE_NAME = "steelyard_csrf"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SECURE = STEELYARD_HTTPS
CSRF_FAILURE_VIEW = "steelyard.web.views.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
# Uploads above this are written to disk; how large an import may be is the import's own limit.
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
# A sheet of a thousand people has a field for each of their months.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_HANDLERS = [
    "steelyard.web.uploads.Guard",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

LOGGING = logs.settings(os.environ.get("STEELYARD_LOG_LEVEL", "INFO"))
