-- Dead letters stay as long as the statements that they account for: whether each statement gave an event or was
-- refused can be asked for as long as it is there.

ALTER TABLE dead_letters MODIFY TTL toDateTime(failed_at) + INTERVAL 5 YEAR;

ALTER TABLE dead_letters
    COMMENT COLUMN reason 'Machine-readable reason code [none, 5 years]',
    COMMENT COLUMN step 'The step that refused the record [none, 5 years]',
    COMMENT COLUMN detail 'What a person needs to understand it [identity, 5 years]',
    COMMENT COLUMN topic 'Topic the record came from; empty for what never reached one [none, 5 years]',
    COMMENT COLUMN `partition` 'Its partition [none, 5 years]',
    COMMENT COLUMN `offset` 'Its offset [none, 5 years]',
    COMMENT COLUMN epoch 'Incarnation of that topic [none, 5 years]',
    COMMENT COLUMN `key` 'Its key, as it was [pseudonym, 5 years]',
    COMMENT COLUMN `value` 'Its bytes, as they were [identity, 5 years]',
    COMMENT COLUMN attempt '1 at first, one more for each replay [none, 5 years]',
    COMMENT COLUMN failed_at 'When it was refused [none, 5 years]',
    COMMENT COLUMN correlation_id 'The delivery, or empty [none, 5 years]',
    COMMENT COLUMN credential 'Name of the credential that delivered it, where it is known [none, 5 years]',
    COMMENT COLUMN resolution 'Empty while the letter is open; replayed or dropped once it is settled [none, 5 years]',
    COMMENT COLUMN note 'Why it was settled so, in the words of the operator [identity, 5 years]',
    COMMENT COLUMN ingested_at 'When ClickHouse took the row [none, 5 years]';
