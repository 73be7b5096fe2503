"""Keeping an installation for years: backups, restoring, checks."""
