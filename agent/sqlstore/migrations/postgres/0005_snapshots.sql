-- When each document of the passages was last put or deleted, in changes of the tenant.
CREATE TABLE frontdesk_passage_change (
    tenant     TEXT COLLATE "C"   NOT NULL,
    document   TEXT COLLATE "C"   NOT NULL,
    generation BIGINT NOT NULL,
    PRIMARY KEY (tenant, document)
);
-- For the last generation, and what has changed since another.
CREATE INDEX frontdesk_passage_change_generation ON frontdesk_passage_change (tenant, generation);

-- The snapshot whose parts are complete.
CREATE TABLE frontdesk_snapshot (
    tenant     TEXT COLLATE "C"   NOT NULL,
    number     BIGINT NOT NULL, -- of its parts
    generation BIGINT NOT NULL,
    PRIMARY KEY (tenant)
);

CREATE TABLE frontdesk_snapshot_part (
    tenant TEXT COLLATE "C"   NOT NULL,
    number BIGINT NOT NULL,
    part   BIGINT NOT NULL,
    body   BYTEA   NOT NULL,
    PRIMARY KEY (tenant, number, part)
);
