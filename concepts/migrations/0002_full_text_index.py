"""The full-text index: FTS5 kept up to date by triggers on SQLite, a generated column on PostgreSQL."""

from django.db import migrations

COLUMNS = ["code", "name", "formula", "interview_question", "notes", "answer"]
# How much a hit in each column weighs, for BM25.
WEIGHTS = [10, 10, 4, 4, 2, 1]


def _values(row: str) -> str:
    return ", ".join(f"{row}.{column}" for column in ["concept_id", *COLUMNS])


SQLITE_CREATE = [
    f"""
    CREATE VIRTUAL TABLE concepts_search USING fts5(
        {", ".join(COLUMNS)},
        content='concepts_searchentry', content_rowid='concept_id', tokenize='porter unicode61', prefix='2 3'
    )
    """,
    f"INSERT INTO concepts_search(concepts_search, rank) VALUES ('rank', 'bm25({', '.join(map(str, WEIGHTS))})')",
    f"""
    CREATE TRIGGER concepts_search_insert AFTER INSERT ON concepts_searchentry BEGIN
        INSERT INTO concepts_search(rowid, {", ".join(COLUMNS)}) VALUES ({_values("new")});
    END
    """,
    f"""
    CREATE TRIGGER concepts_search_delete AFTER DELETE ON concepts_searchentry BEGIN
        INSERT INTO concepts_search(concepts_search, rowid, {", ".join(COLUMNS)}) VALUES ('delete', {_values("old")});
    END
    """,
    f"""
    CREATE TRIGGER concepts_search_update AFTER UPDATE ON concepts_searchentry BEGIN
        INSERT INTO concepts_search(concepts_search, rowid, {", ".join(COLUMNS)}) VALUES ('delete', {_values("old")});
        INSERT INTO concepts_search(rowid, {", ".join(COLUMNS)}) VALUES ({_values("new")});
    END
    """,
]
SQLITE_DROP = [
    "DROP TRIGGER concepts_search_insert",
    "DROP TRIGGER concepts_search_delete",
    "DROP TRIGGER concepts_search_update",
    "DROP TABLE concepts_search",
]
# English stems without stop words: 'after' is a word to search for, as it is on SQLite.
POSTGRES_CREATE = [
    "CREATE TEXT SEARCH DICTIONARY mlprep_stem (TEMPLATE = snowball, LANGUAGE = english)",
    "CREATE TEXT SEARCH CONFIGURATION mlprep (COPY = simple)",
    """
    ALTER TEXT SEARCH CONFIGURATION mlprep
        ALTER MAPPING FOR asciiword, word, hword, hword_part, asciihword, hword_asciipart WITH mlprep_stem
    """,
    """
    ALTER TABLE concepts_searchentry ADD COLUMN document tsvector GENERATED ALWAYS AS (
        setweight(to_tsvector('mlprep', code || ' ' || name), 'A')
        || setweight(to_tsvector('mlprep', formula || ' ' || interview_question), 'B')
        || setweight(to_tsvector('mlprep', notes), 'C')
        || setweight(to_tsvector('mlprep', answer), 'D')
    ) STORED
    """,
    "CREATE INDEX concepts_searchentry_document ON concepts_searchentry USING gin (document)",
]
POSTGRES_DROP = [
    "ALTER TABLE concepts_searchentry DROP COLUMN document",
    "DROP TEXT SEARCH CONFIGURATION mlprep",
    "DROP TEXT SEARCH DICTIONARY mlprep_stem",
]


def create(apps, schema_editor):
    for statement in POSTGRES_CREATE if schema_editor.connection.vendor == "postgresql" else SQLITE_CREATE:
        schema_editor.execute(statement)


def drop(apps, schema_editor):
    for statement in POSTGRES_DROP if schema_editor.connection.vendor == "postgresql" else SQLITE_DROP:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("concepts", "0001_initial")]

    operations = [migrations.RunPython(create, drop)]
