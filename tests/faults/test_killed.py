"""The whole server is killed, again and again, while fifty learners write."""

import time

from tests.faults.writers import Ledger, losses, writing

KILLS = 10
BETWEEN = 310
"""So many are acknowledged between two kills."""


def test_what_was_acknowledged_is_there_after_ten_kills(installation, figure):
    ledger = Ledger()
    starts = [installation.start()]
    with writing(installation, ledger):
        for _ in range(KILLS):
            enough, too_late = ledger.total + BETWEEN, time.monotonic() + 60
            while ledger.total < enough:
                assert time.monotonic() < too_late, "nobody can write"
                time.sleep(0.01)
            installation.kill()
            starts.append(installation.start())
    installation.kill()
    faults = losses(installation, ledger)
    figure(
        f"kill -9 of the whole server ×{KILLS} under 50 writers",
        f"{len(faults)} of {ledger.total} acknowledged lost or torn ({ledger.lost_connections} requests cut off)",
        "0 of at least 3,000",
    )
    figure("start after a kill", f"{max(starts):.1f} s at most", "told")
    assert not faults, faults[:10]
    assert not ledger.bad, ledger.bad[:10]
    assert ledger.total >= 3_000
