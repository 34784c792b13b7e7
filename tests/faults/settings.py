"""Production's settings, and points at which a process can be told to die; nothing else knows of them."""

import os
from pathlib import Path

from powertool.settings import *  # noqa: F403

INSTALLED_APPS = [*INSTALLED_APPS, "tests.faults.points.Points"]  # noqa: F405
DIE_IN = Path(os.environ["DIE_IN"])  # the folder in which orders to die are laid
