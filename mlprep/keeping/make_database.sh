#!/bin/bash
# Makes the app's database and its user, who owns it and may do nothing else: PostgreSQL's image runs this for a new
# volume (/docker-entrypoint-initdb.d). Afterwards the superuser has no password, so that nobody signs in as it but by
# `docker compose exec db psql --username=postgres`.
set -e
psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --username="$POSTGRES_USER" --dbname=postgres <<'SQL'
\getenv password POSTGRES_PASSWORD
-- The server writes down no statement with the password in it.
SET log_statement = 'none';
SET log_min_error_statement = 'panic';
CREATE ROLE mlprep LOGIN PASSWORD :'password' NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
CREATE DATABASE mlprep OWNER mlprep;
-- Backups are proved in it, because the user may create none.
CREATE DATABASE mlprep_proof OWNER mlprep;
COMMENT ON DATABASE mlprep_proof IS 'emptied by each backup of mlprep';
REVOKE ALL ON DATABASE mlprep, mlprep_proof, postgres, template1 FROM PUBLIC;
ALTER ROLE CURRENT_USER PASSWORD NULL;
SQL
