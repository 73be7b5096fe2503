"""A learner's own notes on concepts and topics."""
