"""NumPy exercises: statement, editor, runs in the sandbox, hints, solution."""
