"""What the product is built of: its list with licences, and whether anything in it is known to be weak."""
