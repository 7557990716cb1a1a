-- A file on its way into the directory. `fence` counts who took the job, `beat` what its owner
-- did since: a job that is leased and whose beat stands still has lost its owner.
CREATE TABLE import_jobs (
    tenant_id   uuid NOT NULL,
    id          uuid NOT NULL,
    created_at  timestamptz NOT NULL,
    finished_at timestamptz,
    leased      boolean NOT NULL,
    fence       bigint NOT NULL,
    beat        bigint NOT NULL,
    doc         jsonb NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX import_jobs_unfinished ON import_jobs (tenant_id, id) WHERE finished_at IS NULL;

-- The file in pieces of equal length. They may be there before the job.
CREATE TABLE import_chunks (
    tenant_id  uuid NOT NULL,
    job_id     uuid NOT NULL,
    number     bigint NOT NULL,
    created_at timestamptz NOT NULL,
    bytes      bytea NOT NULL,
    PRIMARY KEY (tenant_id, job_id, number)
);

-- What became of the rows, sealed; with passwords until these are handed out.
CREATE TABLE import_parts (
    tenant_id      uuid NOT NULL,
    job_id         uuid NOT NULL,
    number         bigint NOT NULL,
    outcomes       bytea NOT NULL,
    with_passwords bytea,
    PRIMARY KEY (tenant_id, job_id, number)
);
