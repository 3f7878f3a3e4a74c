"""Django's settings, worked out from the environment."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF

from commonlight.web.accounts.settings_part import account_settings
from commonlight.web.config.environment import read_environment
from commonlight.web.config.logs import logging_settings
from commonlight.web.config.mail import mail_settings
from commonlight.web.ui.languages import LANGUAGES as LANGUAGES

ENVIRONMENT = read_environment()
COMMONLIGHT_HOME = ENVIRONMENT.home
COMMONLIGHT_TILES = ENVIRONMENT.tiles
COMMONLIGHT_IS_PUBLIC = ENVIRONMENT.is_public
COMMONLIGHT_BEHIND_PROXY = ENVIRONMENT.behind_proxy
COMMONLIGHT_LARGEST_UPLOAD = ENVIRONMENT.largest_upload * 1024 * 1024
# A form carries a little more than its file.
COMMONLIGHT_LARGEST_BODY = COMMONLIGHT_LARGEST_UPLOAD + 1024 * 1024
COMMONLIGHT_LEASE = ENVIRONMENT.lease
COMMONLIGHT_DEMO = ENVIRONMENT.is_demo
COMMONLIGHT_KEEPS_PAGES = True  # what was put together holds until the log tells of a change

SECRET_KEY = ENVIRONMENT.secret_key
DEBUG = False
ALLOWED_HOSTS = [*ENVIRONMENT.hosts]
CSRF_TRUSTED_ORIGINS = [*ENVIRONMENT.origins]

INSTALLED_APPS = [
    "commonlight.web.config",
    "commonlight.web.demo",
    "commonlight.web.api",
    "commonlight.web.portability",
    "commonlight.web.portability.retention",
    "commonlight.web.assessment",
    "commonlight.web.design.review",
    "commonlight.web.design.engagement",
    "commonlight.web.design",
    "commonlight.web.design.theory",
    "commonlight.web.partnerships",
    "commonlight.web.knowledge",
    "commonlight.web.problems.fieldwork",
    "commonlight.web.problems",
    "commonlight.web.audits",
    "commonlight.web.data",
    "commonlight.web.agreements",
    "commonlight.web.runs",
    "commonlight.web.thread",
    "commonlight.web.eventlog",
    "commonlight.web.workspaces",
    "commonlight.web.accounts",
    "commonlight.web.policy",
    "commonlight.web.ui",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "axes",
    "csp",
    "django_htmx",
]

MIDDLEWARE = [
    "commonlight.web.config.middleware.RequestLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "commonlight.web.config.middleware.DoorMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "commonlight.web.accounts.middleware.AccountsMiddleware",
    "commonlight.web.workspaces.clock.CityClockMiddleware",
    "commonlight.web.workspaces.reading.ReadOnceMiddleware",
    "commonlight.web.policy.middleware.PolicyMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "commonlight.web.config.urls"
WSGI_APPLICATION = "commonlight.web.config.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "django.template.context_processors.csrf",
                "commonlight.web.demo.context.tour",
                "commonlight.web.ui.context.frame",
            ],
            "builtins": ["commonlight.web.ui.templatetags.dates"],
        },
    }
]

DATABASES = {"default": ENVIRONMENT.database}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
LOGIN_URL = "/accounts/login/"
LOGIN_REDIRECT_URL = "/"
globals().update(account_settings(ENVIRONMENT))

SESSION_COOKIE_AGE = 8 * 60 * 60
SESSION_SAVE_EVERY_REQUEST = False
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = ENVIRONMENT.is_public
CSRF_COOKIE_SECURE = ENVIRONMENT.is_public
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "commonlight.web.config.errors.form_expired"
SECURE_SSL_REDIRECT = ENVIRONMENT.is_public
SECURE_HSTS_SECONDS = 31_536_000 if ENVIRONMENT.is_public else 0
SECURE_REDIRECT_EXEMPT = [r"^health/"]
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if ENVIRONMENT.behind_proxy:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

CONTENT_SECURITY_POLICY: dict[str, Any] = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "worker-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    },
}

DATA_UPLOAD_MAX_MEMORY_SIZE = 6 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_TEMP_DIR = None

LANGUAGE_CODE = "en"
LOCALE_PATHS = [Path(__file__).resolve().parents[1] / "locale"]
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = True
FORMAT_MODULE_PATH = ["commonlight.web.ui.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
USE_THOUSAND_SEPARATOR = True

STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 3600
WHITENOISE_MIMETYPES = {".mjs": "text/javascript", ".pmtiles": "application/octet-stream"}

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
globals().update(mail_settings(ENVIRONMENT.mail, ENVIRONMENT.mail_from, ENVIRONMENT.home))
LOGGING = logging_settings(ENVIRONMENT.log_level)

# The domain is the city's own: nothing is said about its other hosts.
SILENCED_SYSTEM_CHECKS = ["axes.W003", "security.W005", "security.W021"]
