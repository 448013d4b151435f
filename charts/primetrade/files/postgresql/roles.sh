#!/bin/bash
# Run once by the image, when it has made an empty database: the application's role, which owns its
# database and nothing else.
set -euo pipefail

psql --no-psqlrc -v ON_ERROR_STOP=1 -U postgres -d postgres <<'SQL'
\getenv username APPLICATION_USERNAME
\getenv password APPLICATION_PASSWORD
\getenv database APPLICATION_DATABASE
CREATE ROLE :"username" LOGIN PASSWORD :'password';
-- It sees which primary a replica follows: whoever moves to replicas later needs nothing more.
GRANT pg_read_all_stats TO :"username";
CREATE DATABASE :"database" OWNER :"username";
REVOKE CONNECT, TEMPORARY ON DATABASE :"database" FROM PUBLIC;
SQL
