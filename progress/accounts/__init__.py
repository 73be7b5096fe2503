"""Accounts: the user model, sign-up by one setting, invitations, the first run."""
