"""Faults of machines and people: killed servers, full disks, lost databases, clocks, races; each tells its figure."""
