#!/bin/bash
# Run once by the image, when it has made an empty database: the application's role and database,
# and the role of the replica.
set -euo pipefail

psql --no-psqlrc -v ON_ERROR_STOP=1 -U postgres -d postgres <<'SQL'
\getenv application APPLICATION_PASSWORD
\getenv replication REPLICATION_PASSWORD
CREATE ROLE primetrade LOGIN PASSWORD :'application';
-- It sees which primary a replica follows, and so reads it again at once after a failover.
GRANT pg_read_all_stats TO primetrade;
CREATE DATABASE primetrade OWNER primetrade;
REVOKE CONNECT, TEMPORARY ON DATABASE primetrade FROM PUBLIC;
CREATE ROLE replicator LOGIN REPLICATION PASSWORD :'replication';
SQL
