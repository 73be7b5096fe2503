"""Gunicorn under libfaketime: its clock on the wall is another, the one that only runs forward is left alone.

Python's time.sleep asks for the end of its sleep by a call that Debian's libfaketime 0.9.10 then gets wrong, so it
sleeps by select() here. Nothing else is changed: databases, files, TLS and every library see the other clock.
"""

import select
import time

from gunicorn.app.wsgiapp import run

time.sleep = lambda seconds: select.select([], [], [], max(0.0, seconds))

if __name__ == "__main__":
    run()
