"""What whoever runs an installation sees of it: request ids, logs, metrics."""
