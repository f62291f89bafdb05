-- All ranges of a round are announced in one block, under the round's number.

ALTER TABLE ingest_intent
    ADD COLUMN IF NOT EXISTS round UInt64 COMMENT 'Number of the round: each is taken once, whichever sink takes it' AFTER end_offset;
