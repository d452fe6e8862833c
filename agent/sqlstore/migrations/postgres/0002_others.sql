CREATE TABLE frontdesk_passage (
    tenant   TEXT COLLATE "C"   NOT NULL,
    document TEXT COLLATE "C"   NOT NULL,
    place    BIGINT NOT NULL, -- in the document
    body     TEXT COLLATE "C"   NOT NULL, -- JSON
    vector   BYTEA,            -- 32 bit floats, little endian
    PRIMARY KEY (tenant, document, place)
);

-- The keys that are taken. A key is a cause, and has one effect.
CREATE TABLE frontdesk_movement (
    tenant TEXT COLLATE "C" NOT NULL,
    ledger TEXT COLLATE "C" NOT NULL,
    key    TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant, ledger, key)
);

CREATE TABLE frontdesk_entry (
    tenant  TEXT COLLATE "C"   NOT NULL,
    ledger  TEXT COLLATE "C"   NOT NULL,
    seq     BIGINT NOT NULL,
    key     TEXT COLLATE "C"   NOT NULL,
    account TEXT COLLATE "C"   NOT NULL,
    amount  BIGINT NOT NULL,
    kind    TEXT COLLATE "C"   NOT NULL,
    at      BIGINT NOT NULL,
    PRIMARY KEY (tenant, ledger, seq),
    FOREIGN KEY (tenant, ledger, key) REFERENCES frontdesk_movement (tenant, ledger, key)
);
-- For the entries of one movement.
CREATE INDEX frontdesk_entry_key ON frontdesk_entry (tenant, ledger, key);

-- The sum of an account's entries, so that it need not be summed up each time.
CREATE TABLE frontdesk_balance (
    tenant  TEXT COLLATE "C"   NOT NULL,
    ledger  TEXT COLLATE "C"   NOT NULL,
    account TEXT COLLATE "C"   NOT NULL,
    amount  BIGINT NOT NULL,
    PRIMARY KEY (tenant, ledger, account)
);

CREATE TABLE frontdesk_job (
    tenant      TEXT COLLATE "C"   NOT NULL,
    name        TEXT COLLATE "C"   NOT NULL,
    last_run    BIGINT NOT NULL, -- when the last finished run was due
    failure     TEXT COLLATE "C"   NOT NULL, -- of that run
    claimed     BIGINT NOT NULL, -- when the run under lease was due
    lease_until BIGINT NOT NULL,
    PRIMARY KEY (tenant, name)
);
