#!/usr/bin/env python
"""Django's command line for mlprep."""

import os
import sys

from django.core.management import execute_from_command_line
from django.db import DatabaseError, InterfaceError

from mlprep.environment import SettingsRefused
from mlprep.keeping.errors import condition_of_database

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mlprep.settings")
    try:
        execute_from_command_line(sys.argv)
    except SettingsRefused as refused:
        sys.exit(f"mlprep does not start with these settings:\n{refused}")
    except (DatabaseError, InterfaceError) as error:
        if told := condition_of_database(error):
            sys.exit(told)
        raise
