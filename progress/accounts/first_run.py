"""The code with which whoever runs a new installation proves it, where others could open the first page before them.

It is made of SECRET_KEY and of the moment at which this database was made. So all processes and machines of an
installation know the same one without keeping it, a new database has another, and once there is a user no page asks
for it any more.
"""

from base64 import b32encode

from django.db.migrations.recorder import MigrationRecorder
from django.utils.crypto import constant_time_compare, salted_hmac

from mlprep.shared.limits.taking import take_one
from progress.accounts.events import record

_LETTERS = 16


def first_run_code() -> str:
    """80 bits in four groups of four letters and digits."""
    first = MigrationRecorder.Migration.objects.order_by("pk").first()
    born = first.applied.isoformat() if first else ""
    digest = salted_hmac("progress.accounts.first_run", born, algorithm="sha256").digest()
    letters = b32encode(digest).decode().lower()[:_LETTERS]
    return "-".join(letters[start : start + 4] for start in range(0, _LETTERS, 4))


def is_first_run_code(given: str, *, address: str) -> bool:
    """Whether that is the code, however it is spaced. address: whose attempts are counted; the right one counts not.

    Raises LimitReached.
    """
    taken = take_one("first_run", address)
    if constant_time_compare(_letters(given), _letters(first_run_code())):
        taken.give_back()
        return True
    record("first-run code refused", user_id=None)
    return False


def _letters(code: str) -> str:
    return "".join(code.lower().replace("-", "").split())
