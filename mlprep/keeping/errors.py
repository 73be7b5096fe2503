"""What can go wrong with backups."""


class BackupError(Exception):
    """A copy cannot be made or put back, or is not what it should be; the text says why and what to do."""
