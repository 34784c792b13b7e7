"""How gunicorn serves the site; `gunicorn powertool.wsgi` reads this file from the working folder."""

import os

bind = f"{os.environ.get('BIND', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = 4
timeout = 60
graceful_timeout = 10
# Load the code once, then fork: a half-given configuration ends here with its one line, and memory is shared.
preload_app = True
control_socket_disable = True
