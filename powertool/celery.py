"""The Celery application: workers import it, services send tasks to it by name."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "powertool.settings")
app = Celery("powertool")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
