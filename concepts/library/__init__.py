"""From files to database: read, check everything, then load in one transaction.

Each app registers a Shelf for the files it understands (`registry`); `loader` works through them.
"""
