"""Long work: tasks wait in the database, a worker does them, and what a killed worker began is done again."""
