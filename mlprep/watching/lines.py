"""Lines of the log, whose times are UTC and say so."""

import logging
import time

from pythonjsonlogger.json import JsonFormatter

_DATE, _MILLISECONDS = "%Y-%m-%dT%H:%M:%S", "%s.%03dZ"


class LineFormatter(logging.Formatter):
    """For people."""

    converter = staticmethod(time.gmtime)
    default_time_format, default_msec_format = _DATE, _MILLISECONDS


class JsonLineFormatter(JsonFormatter):
    """For machines."""

    converter = staticmethod(time.gmtime)
    default_time_format, default_msec_format = _DATE, _MILLISECONDS
