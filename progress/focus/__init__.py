"""The focus timer: minutes spent on a concept or topic."""
