"""How the web processes run: `gunicorn -c python:khoinghiep.gunicorn khoinghiep.wsgi`.

What differs between installations comes from the environment (deploy/khoinghiep.env).
"""

import gc
import os

bind = os.environ.get("BIND", "127.0.0.1:8000")
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = 4
timeout = 60  # seconds without a sign of life, then a worker is replaced
graceful_timeout = 30  # seconds for requests at work when the service is stopped or reloaded
control_socket_disable = True
SHARED_MEMORY = "/dev/shm"  # nosec B108  # only workers' heartbeats, which a full disk must not stop
worker_tmp_dir = SHARED_MEMORY if os.path.isdir(SHARED_MEMORY) else None

# A page that asks the database for longer than this is broken off; commands have no such limit.
os.environ.setdefault("STATEMENT_TIMEOUT", "20")  # seconds


def post_worker_init(_worker: object) -> None:
    """What is loaded by now stays: the collector of garbage need not look through it again and again."""
    gc.collect()
    gc.freeze()


logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "khoinghiep.logging_json.JsonFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {"gunicorn.error": {"handlers": ["console"], "level": "INFO", "propagate": False}},
}
