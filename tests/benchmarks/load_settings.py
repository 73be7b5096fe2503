"""The product's settings, with the bare view among the addresses."""

from tests.faults.settings import *  # noqa: F403

ROOT_URLCONF = "tests.benchmarks.bare"
