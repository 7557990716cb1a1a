ALTER TABLE credentials ADD COLUMN one_time INTEGER NOT NULL DEFAULT 0;
UPDATE credentials SET one_time = must_change WHERE hash LIKE '$roster-one-time$%';
