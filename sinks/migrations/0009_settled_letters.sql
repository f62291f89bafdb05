-- Letters say who delivered the record, and a later row of the same letter says how it was settled.

ALTER TABLE dead_letters
    ADD COLUMN IF NOT EXISTS credential LowCardinality(String) COMMENT 'Name of the credential that delivered it, where it is known' AFTER correlation_id,
    ADD COLUMN IF NOT EXISTS resolution LowCardinality(String) COMMENT 'Empty while the letter is open; replayed or dropped once it is settled' AFTER credential,
    ADD COLUMN IF NOT EXISTS note String COMMENT 'Why it was settled so, in the words of the operator' AFTER resolution;
