"""Pure Python: the tracker format and the words of a search. No Django here."""
