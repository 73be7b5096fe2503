"""How the bank's questions do; for administrators."""
