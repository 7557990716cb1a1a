DROP TABLE import_parts;
DROP TABLE import_chunks;
DROP TABLE import_jobs;
