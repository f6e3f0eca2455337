"""Settings of the site: one file, read from the environment, safe by default.

Every variable has one line in `.env.example`. `CAVEAT_DEV=1` (set by the Makefile, never in
production) is the one development switch.
"""

import os
from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _


def flag(name: str, *, default: bool = False) -> bool:
    return os.environ.get(name, "1" if default else "0").strip().casefold() in {"1", "true", "yes", "on"}


def given(name: str, default: str) -> str:
    """The variable; the default also where it is there and empty."""
    return os.environ.get(name) or default


def listed(name: str, default: str = "") -> list[str]:
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]


BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(given("CAVEAT_VAR", str(BASE_DIR / "var")))
DEV = flag("CAVEAT_DEV")

DEBUG = False  # even in development: the error pages are part of the product
SECRET_KEY = os.environ.get("SECRET_KEY", "")
if not SECRET_KEY:
    if not DEV:
        raise ImproperlyConfigured("SECRET_KEY is not set. Put a long random value into the environment.")
    SECRET_KEY = "development only, never used where CAVEAT_DEV is unset " * 2
ALLOWED_HOSTS = listed("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]" if DEV else "")
CSRF_TRUSTED_ORIGINS = listed("CSRF_TRUSTED_ORIGINS")

INSTALLED_APPS = [
    "config.apps.ConfigConfig",
    "accounts",
    "articles",
    "quizzes",
    "courses",
    "oauth2_provider",
    "integrations",
    "config.apps.CaveatAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "rest_framework",
    "drf_spectacular",
    "django_tasks",
    "django_tasks_db",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "integrations.middleware.ApiMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "integrations.middleware.LaunchedSessions",
    "accounts.middleware.ReaderSettingsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "accounts.teaching.teaches",
            ],
        },
    },
]

# Databases -----------------------------------------------------------------------------------
DATABASES = {
    "default": dj_database_url.parse(
        os.environ.get("DATABASE_URL") or f"sqlite:///{VAR_DIR / 'caveat.sqlite3'}"
    )
}
DATABASE = DATABASES["default"]
if DATABASE["ENGINE"] == "django.db.backends.sqlite3":
    # NORMAL keeps the file whole after a power cut but may lose the last commits; FULL loses none.
    SYNCHRONOUS = given("SQLITE_SYNCHRONOUS", "NORMAL").upper()
    if SYNCHRONOUS not in {"NORMAL", "FULL"}:
        raise ImproperlyConfigured("SQLITE_SYNCHRONOUS is NORMAL or FULL.")
    DATABASE["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            f"PRAGMA journal_mode=WAL;PRAGMA synchronous={SYNCHRONOUS};PRAGMA busy_timeout=20000;"
            "PRAGMA foreign_keys=ON;PRAGMA temp_store=MEMORY;PRAGMA mmap_size=134217728;PRAGMA cache_size=-20000;"
        ),
    }
    Path(DATABASE["NAME"]).parent.mkdir(parents=True, exist_ok=True)
else:
    DATABASE["CONN_MAX_AGE"] = 0
    # What DATABASE_URL says (?sslmode=require) stays.
    DATABASE.setdefault("OPTIONS", {})["pool"] = {"min_size": 2, "max_size": 8, "timeout": 10}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Rate limits must hold across worker processes, so the cache is a table of the same database.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "caveat_cache",
        # The default keeps 300 entries: a guesser could push the limits out of it.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
    # What each process counts by itself.
    "process": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
}

# Work that takes longer than a request: `manage.py work` does it.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# People --------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.NameOrEmailBackend"]
PASSWORD_HASHERS = [
    "accounts.passwords.TunedArgon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["username", "display_name", "email"]},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "accounts.forms.SignInForm",
    "change_password": "accounts.forms.ChangeForm",
    "set_password": "accounts.forms.SetForm",
    "reset_password": "accounts.forms.ResetForm",
    "reset_password_from_key": "accounts.forms.NewPasswordForm",
    "reauthenticate": "accounts.forms.AgainForm",
}
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]  # signup is closed: people come by class code
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_USER_DISPLAY = str
# A school comes in from one address within minutes, and some mistype: see `accounts.limits`.
ACCOUNT_RATE_LIMITS = {
    "login": "3000/5m/ip",  # against a flood: each costs a hash
    "login_failed": "5/5m/key",
    "accounts_failed": "300/h/ip",
    "join": "1000/10m/ip",
    "wrong_code": "1000/d/ip",
    "reset_password": "30/5m/ip,5/h/key",
}
# X-Forwarded-For is anybody's to write, so it counts only where a proxy of ours has the last word.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if flag("BEHIND_PROXY") else 0
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_TOTP_ISSUER = "Read it twice"
MFA_TOTP_TOLERANCE = 1  # steps of 30 s, either way: phones' clocks are off
MFA_ALLOW_UNVERIFIED_EMAIL = True  # nobody's is verified: the site admin enters them
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEV
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "courses:home"
TEACHER_REDIRECT_URL = "courses:classes"
LOGOUT_REDIRECT_URL = "/"

#: Where the site is, for addresses in mails.
_HERE = "http://127.0.0.1:8000" if DEV else f"https://{(ALLOWED_HOSTS or ['localhost'])[0]}"
SITE_URL = given("SITE_URL", _HERE)

# Mail: password resets, and news once a day for people who gave an address and asked for it ----------
EMAIL_BACKEND = (
    "django.core.mail.backends.console.EmailBackend" if DEV else "django.core.mail.backends.smtp.EmailBackend"
)
DEFAULT_FROM_EMAIL = given("DEFAULT_FROM_EMAIL", "Read it twice <noreply@localhost>")
EMAIL_HOST = given("EMAIL_HOST", "localhost")
EMAIL_PORT = int(given("EMAIL_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = flag("EMAIL_USE_TLS")

# Language and time ---------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# Files ---------------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "config.storage.HashedModuleStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

# Safety --------------------------------------------------------------------------------------
SECURE_SSL_REDIRECT = not DEV
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not DEV
SECURE_HSTS_SECONDS = 0 if DEV else 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not DEV
if flag("BEHIND_PROXY"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
        "manifest-src": [SELF],
    },
}
# A long article without JavaScript is a form of one checkbox a word.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 6_000
# The longest article that is taken in, pasted: 600,000 letters of two bytes, and what stands beside it.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_500_000

# The API -------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "integrations.oauth.ClientAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_PARSER_CLASSES": ["accounts.api.bodies.Json"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PAGINATION_CLASS": "accounts.api.pages.Pages",
    "DEFAULT_THROTTLE_CLASSES": ["accounts.api.throttling.PerCaller"],
    "DEFAULT_THROTTLE_RATES": {"caller": given("API_RATE", "600/min")},
    "DEFAULT_SCHEMA_CLASS": "accounts.api.schema.ApiSchema",
    "EXCEPTION_HANDLER": "config.problems.handle",
    "URL_FORMAT_OVERRIDE": None,  # the Accept header says it: `format` is a parameter like any that is unknown
}
OAUTH2_PROVIDER_APPLICATION_MODEL = "oauth2_provider.Application"
#: Whether webhooks may go into our own network, and over plain HTTP: for tests, and an LMS in the same house.
WEBHOOKS_MAY_BE_PRIVATE = flag("WEBHOOKS_MAY_BE_PRIVATE", default=DEV)
#: Programs sign in with client credentials only; tokens are kept as checksums.
OAUTH2_PROVIDER = {
    "SCOPES_BACKEND_CLASS": "integrations.oauth.ClientScopes",
    "ACCESS_TOKEN_EXPIRE_SECONDS": 3600,
    "OAUTH2_GRANT_TYPES_SUPPORTED": ["client_credentials"],
    "REFRESH_TOKEN_REUSE_PROTECTION": True,
    "ALLOWED_REDIRECT_URI_SCHEMES": ["https"],
    **{
        f"COMPLIANT_BCP_RFC9700_{gate}": True
        for gate in (
            "IMPLICIT_GRANT",
            "PASSWORD_GRANT",
            "PKCE_METHOD",
            "ACCESS_TOKEN_TRANSPORT",
            "AUTHZ_RESPONSE_ISS",
            "TOKEN_STORAGE",
            "REFRESH_TOKEN",
            "REDIRECT_URI_SCHEME",
            "REDIRECT_URI_MATCHING",
            "PKCE_REQUIRED",
        )
    },
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Read it twice",
    "DESCRIPTION": (
        "Classes, content, assignments, attempts and grades for an LMS, and a learner's own line. "
        "The guide for programmers is at /api/v1/docs/guide/, every kind of refusal at /api/v1/docs/problems/."
    ),
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "AssignmentFeedbackEnum": "quizzes.models.QuizRevision.Feedback",
        "FeedbackTimeEnum": [[name, name] for name in ("at_once", "after_submit", "after_close")],
        "ScoreStateEnum": [
            [name, name]
            for name in [
                "not_given",
                "not_due",
                "in_progress",
                "missing",
                "waiting",
                "held",
                "released",
                "excused",
                "not_counted",
            ]
        ],
        "StepKindEnum": [[name, name] for name in ("explain", "read", "practice", "quiz")],
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "config.openapi.complete",
    ],
}

# Errors go to standard error, where every process manager keeps them; DEBUG has no say in it.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False}},
}

# The product ---------------------------------------------------------------------------------
#: Seconds after a deadline within which an answer that was on its way is still taken.
ATTEMPT_GRACE_S = 10
