"""Every setting, read once from the environment; what is missing and needed fails here, loudly."""

from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.contrib.messages import constants as messages

from khoinghiep import production

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"  # everything the running site writes; safe to delete on a test machine
NODE_ASSETS = VAR_DIR / "assets"  # what dev.py copies out of node_modules

env = environ.Env()

# PRODUCTION=on: officials work with it. HTTPS and the second factor are required then, and see production.py.
PRODUCTION = env.bool("PRODUCTION", default=False)
SECRET_KEY = env.str("SECRET_KEY")
DEBUG = env.bool("DEBUG", default=False)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "khoinghiep",
    "agencies",
    "targets",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "csp",
    "crispy_forms",
    "crispy_bootstrap5",
    "heroicons",
    "import_export",
    "simple_history",
]

MIDDLEWARE = [
    "khoinghiep.requests.numbered",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "khoinghiep.middleware.private",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "agencies.access.door.Door",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "axes.middleware.AxesMiddleware",
    "khoinghiep.replicas.Reading",
]

ROOT_URLCONF = "khoinghiep.urls"
WSGI_APPLICATION = "khoinghiep.wsgi.application"

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
                "targets.context.shell",
            ],
            "builtins": ["targets.templatetags.kn", "heroicons.templatetags.heroicons"],
            "libraries": {"reach": "targets.progress.behind"},
        },
    }
]

# Absent DATABASE_URL: an embedded SQLite file, enough for a first run and for one office.
DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'khoinghiep.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # Two officers saving at once must wait for each other, not fail: take the write lock when a transaction begins.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    for number, url in enumerate(env.list("DATABASE_REPLICA_URL", default=[]), 1):
        DATABASES[f"replica-{number}"] = env.db_url_config(url) | {"TEST": {"MIRROR": "default"}}
    # A server that is away is known within seconds, and a connection that it dropped is made anew by the next request.
    # No page may hold it for long; commands, such as a backup, take the time they need (khoinghiep/gunicorn.py).
    for database in DATABASES.values():
        database |= {
            "CONN_MAX_AGE": env.int("CONN_MAX_AGE", default=60),  # seconds
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": {
                **database.get("OPTIONS", {}),
                "connect_timeout": 3,
                "tcp_user_timeout": 5000,  # milliseconds: a machine that is gone says nothing, not even goodbye
                "options": f"-c statement_timeout={env.int('STATEMENT_TIMEOUT', default=0)}s",
            },
        }

# Copies of the database for pages that may be a little late (docs/decisions/0018).
REPLICAS = [name for name in DATABASES if name != "default"]
REPLICA_LAG = env.int("REPLICA_LAG", default=5)  # seconds
DATABASE_ROUTERS = ["khoinghiep.replicas.Router"] if REPLICAS else []

# Nothing needs a cache; one that all processes share (dbcache://TABLE or rediscache://…) keeps sessions at hand.
CACHES = {"default": env.cache("CACHE_URL", default="locmemcache://")}
if CACHES["default"]["BACKEND"].startswith("django_redis"):
    # A Redis that is away is a cache with nothing in it: sessions are in the database too, pages are made anew.
    gone = {"IGNORE_EXCEPTIONS": True, "SOCKET_CONNECT_TIMEOUT": 0.5, "SOCKET_TIMEOUT": 0.5}  # seconds
    CACHES["default"]["OPTIONS"] = gone | CACHES["default"].get("OPTIONS", {})
    DJANGO_REDIS_LOG_IGNORED_EXCEPTIONS = True
SHARED_CACHE = not CACHES["default"]["BACKEND"].endswith("LocMemCache")
SESSION_ENGINE = f"django.contrib.sessions.backends.{'cached_db' if SHARED_CACHE else 'db'}"

AUTH_USER_MODEL = "agencies.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
# Length alone makes a password good; rules about digits and signs make it the same with a 1 behind (ADR 0015).
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "full_name", "email")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"

# The door (agencies/access, docs/decisions/0015 and 0016).
AXES_HANDLER = "agencies.access.throttle.Throttle"
AXES_FAILURE_LIMIT = 1  # the handler answers 1 when one of its counters is full
AXES_COOLOFF_TIME = 0.25  # hours
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_LOCKOUT_PARAMETERS = "agencies.access.throttle.counters"
AXES_USERNAME_CALLABLE = "agencies.access.throttle.counted_name"
AXES_CLIENT_IP_CALLABLE = "agencies.access.address.counted_address"
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "next", "csrfmiddlewaretoken"]
AXES_DISABLE_ACCESS_LOG = True  # AccessEvent is the log
AXES_VERBOSE = False
AXES_LOCKOUT_TEMPLATE = "registration/lockout.html"
AXES_ENABLE_ADMIN = False
# Who writes X-Forwarded-For: addresses or networks, and "unix" for a proxy that comes through a socket file.
TRUSTED_PROXIES = env.list("TRUSTED_PROXIES", default=[])
OTP_TOTP_ISSUER = "PN khoi nghiep Cao Bang"  # in the phone's app; letters with marks would double the QR code
SECOND_FACTOR_REQUIRED = PRODUCTION  # of reviewers and administrators

LANGUAGE_CODE = "vi"
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_I18N = True
USE_TZ = True
# Numbers are written by the `vi` filter alone: a global thousand separator would corrupt ids and SVG attributes.
USE_THOUSAND_SEPARATOR = False
FORMAT_MODULE_PATH = ["khoinghiep.formats"]
LOCALE_PATHS = [BASE_DIR / "khoinghiep" / "locale"]  # only for packages that ship no Vietnamese

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static", ("vendor", NODE_ASSETS)]
MEDIA_ROOT = env.path("MEDIA_ROOT", default=VAR_DIR / "files")()  # outside the web root: nothing serves it by URL
STORAGES = {
    "default": {"BACKEND": "khoinghiep.storage.WholeFiles"},
    "staticfiles": {"BACKEND": "khoinghiep.storage.HashedStaticFiles"},
}

DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024

# Behind HTTPS (the usual installation) HTTPS=on; a first run on localhost has no certificate.
HTTPS = env.bool("HTTPS", default=PRODUCTION)

OURS = [SELF]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": OURS,
        "style-src": OURS,
        "font-src": OURS,
        "connect-src": OURS,
        "img-src": [SELF, "data:"],  # Bootstrap's arrows and crosses
        "form-action": OURS,
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "upgrade-insecure-requests": HTTPS,
    }
}

SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz)$"]  # monitors on this machine ask the process itself
SECURE_HSTS_SECONDS = 63_072_000 if HTTPS else 0  # two years
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
if HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# __Host-: the browser itself refuses such a cookie without TLS, and from a neighbouring site of the same domain.
HOST = "__Host-" if HTTPS else ""
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME, DEVICE_COOKIE_NAME = (f"{HOST}kn-{name}" for name in ("phien", "csrf", "may"))
WRITER_COOKIE_NAME = f"{HOST}kn-ghi"  # khoinghiep/replicas.py
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True  # scripts take the token from the page
CSRF_FAILURE_VIEW = "agencies.views.passwords.forged"
SESSION_COOKIE_AGE = 12 * 3600  # at most; half an hour without use ends it too (agencies/access/sessions.py)
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # messages name people: no cookie

EMAIL_CONFIG = env.email("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="khoinghiep@localhost")

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# django-import-export is open to all by default; these ask User.has_perm, which is true for administrators only.
IMPORT_EXPORT_IMPORT_PERMISSION_CODE = "change"
IMPORT_EXPORT_EXPORT_PERMISSION_CODE = "view"
IMPORT_EXPORT_USE_TRANSACTIONS = True
IMPORT_EXPORT_SKIP_ADMIN_EXPORT_UI = True

# Bootstrap calls an error "danger"; ours are the classes of .kn-msg.
MESSAGE_TAGS = {messages.DEBUG: "info", messages.INFO: "info", messages.SUCCESS: "ok", messages.WARNING: "warn",
                messages.ERROR: "err"}  # fmt: skip

# json: a line for each request too, for a journal that programs read. text: what goes wrong, for whoever looks on.
LOG_FORMAT = env.str("LOG_FORMAT", default="json" if PRODUCTION else "text")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {"()": "khoinghiep.logging_json.JsonFormatter"},
        "text": {"format": "%(levelname)s %(name)s: %(message)s"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "khoinghiep.requests": {"level": "INFO" if LOG_FORMAT == "json" else "WARNING"},
        "axes": {"level": "ERROR"},  # below that it writes names and addresses
    },
}

if PRODUCTION:
    production.check(vars())
