"""How gunicorn serves the site; `gunicorn powertool.wsgi` reads this file from the working folder."""

import gc
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))  # gunicorn reads this before it looks into the working folder

from powertool import logs, pacing

bind = f"{os.environ.get('BIND', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = pacing.THREADS
timeout = 60
graceful_timeout = 10
# Load the code once, then fork: a half-given configuration ends here with its one line, and memory is shared.
preload_app = True
control_socket_disable = True


def post_fork(server: object, worker: object) -> None:
    """Let full garbage collections of a web process pass over the loaded code: each stopped it for about 140 ms."""
    gc.collect()
    gc.freeze()


# No access log of its own: its lines would hold addresses, hence codes. The site writes one line for each request.
accesslog = None
_ours = logs.config(os.environ.get("LOG_FORMAT") or ("line" if os.environ.get("POWERTOOL_LOCAL") else "json"), "INFO")
logconfig_dict = _ours | {
    "loggers": {"gunicorn.error": {"handlers": ["stderr"], "level": "INFO", "propagate": False}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
