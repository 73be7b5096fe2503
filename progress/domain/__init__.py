"""Pure Python: mastery from statuses and answers. No Django here."""
