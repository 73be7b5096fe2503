"""How often something may be done: counted exactly, whatever number of processes counts."""
