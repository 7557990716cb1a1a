ALTER TABLE credentials ADD COLUMN one_time boolean NOT NULL DEFAULT false;
UPDATE credentials SET one_time = must_change WHERE hash LIKE '$roster-one-time$%';
