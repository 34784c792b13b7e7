"""The settings of production, with one view more: the yardstick of `bench.ratios`, behind the same middleware."""

from powertool.settings import *  # noqa: F403
from powertool.settings import MIDDLEWARE as AS_DEPLOYED

ROOT_URLCONF = "bench.urls"
MIDDLEWARE = ["bench.counting.CountsStatements", *AS_DEPLOYED]
