-- When each document of the passages was last put or deleted, in changes of the tenant.
CREATE TABLE frontdesk_passage_change (
    tenant     TEXT   NOT NULL,
    document   TEXT   NOT NULL,
    generation BIGINT NOT NULL,
    PRIMARY KEY (tenant, document)
) WITHOUT ROWID;
-- For the last generation, and what has changed since another.
CREATE INDEX frontdesk_passage_change_generation ON frontdesk_passage_change (tenant, generation);

-- Passages of before this file count as one change.
INSERT INTO frontdesk_passage_change (tenant, document, generation)
SELECT DISTINCT tenant, document, 1 FROM frontdesk_passage;

-- The snapshot whose parts are complete.
CREATE TABLE frontdesk_snapshot (
    tenant     TEXT   NOT NULL,
    number     BIGINT NOT NULL, -- of its parts
    generation BIGINT NOT NULL,
    PRIMARY KEY (tenant)
) WITHOUT ROWID;

CREATE TABLE frontdesk_snapshot_part (
    tenant TEXT   NOT NULL,
    number BIGINT NOT NULL,
    part   BIGINT NOT NULL,
    body   BLOB   NOT NULL,
    PRIMARY KEY (tenant, number, part)
);
