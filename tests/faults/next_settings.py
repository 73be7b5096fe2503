"""The settings of a next version, with one more migration than this one has."""

from tests.faults.settings import *  # noqa: F403

MIGRATION_MODULES = {"progress": "tests.faults.next_migrations"}
