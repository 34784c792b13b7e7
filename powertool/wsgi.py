import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver
from environs import EnvError
from scipy import stats  # noqa: F401 (commands load it when they need it; web workers share it from the start)

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "powertool.settings")
try:
    application = get_wsgi_application()
    get_resolver().url_patterns  # noqa: B018 (loads the views now, or the first visitor of each worker waits for it)
except (ImproperlyConfigured, EnvError) as error:
    sys.exit(f"powertool: {error}")
