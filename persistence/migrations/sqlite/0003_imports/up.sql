-- A file on its way into the directory. `fence` counts who took the job, `beat` what its owner
-- did since: a job that is leased and whose beat stands still has lost its owner.
CREATE TABLE import_jobs (
    tenant_id   BLOB NOT NULL,
    id          BLOB NOT NULL,
    created_at  INTEGER NOT NULL,
    finished_at INTEGER,
    leased      INTEGER NOT NULL,
    fence       INTEGER NOT NULL,
    beat        INTEGER NOT NULL,
    doc         TEXT NOT NULL,
    PRIMARY KEY (tenant_id, id)
) STRICT;
CREATE INDEX import_jobs_unfinished ON import_jobs (tenant_id, id) WHERE finished_at IS NULL;

-- The file in pieces of equal length. They may be there before the job.
CREATE TABLE import_chunks (
    tenant_id  BLOB NOT NULL,
    job_id     BLOB NOT NULL,
    number     INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    bytes      BLOB NOT NULL,
    PRIMARY KEY (tenant_id, job_id, number)
) STRICT;

-- What became of the rows, sealed; with passwords until these are handed out.
CREATE TABLE import_parts (
    tenant_id      BLOB NOT NULL,
    job_id         BLOB NOT NULL,
    number         INTEGER NOT NULL,
    outcomes       BLOB NOT NULL,
    with_passwords BLOB,
    PRIMARY KEY (tenant_id, job_id, number)
) STRICT;
