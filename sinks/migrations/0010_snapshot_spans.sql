-- From which day on the cells of a snapshot are complete: older ones may be gone, for state expires.

ALTER TABLE reconciliation_snapshots
    ADD COLUMN IF NOT EXISTS days_since Int32 COMMENT 'manifest: first day that is kept, days since 1970-01-01' AFTER checksum,
    ADD COLUMN IF NOT EXISTS evidence_since Int32 COMMENT 'manifest: the same of the items of evidence in skill cells' AFTER days_since;
