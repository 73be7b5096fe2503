"""Runs a learner's code on the server, and lets it do nothing but compute.

    the web process ──socket──▶ broker ──▶ zygote ──fork──▶ tests ◀──wire──▶ learner's code
         client.py             broker.py   zygote.py       examiner.py        candidate.py

The broker, one a machine and started when first needed, keeps the queue. The zygote has numpy imported and forks
two processes a run: one holds the tests and what they expect, the other the learner's code. Only values go
between the two (`wire.py`, `peer.py`), so nothing that the code does to numpy, to the tests' classes, to frames
or to its own connection changes what the tests compare. Both are confined first (`confine.py`).

Nothing here imports Django.
"""
