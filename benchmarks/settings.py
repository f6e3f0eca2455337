"""The site's settings with one more address: the bare view that saves are compared to."""

from config.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.urls"
