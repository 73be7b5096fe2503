"""The study plan's pages: items gathered from all rooms, laid on days, and ticked by doing them."""
