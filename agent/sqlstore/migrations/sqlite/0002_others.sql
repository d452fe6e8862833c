CREATE TABLE frontdesk_passage (
    tenant   TEXT   NOT NULL,
    document TEXT   NOT NULL,
    place    BIGINT NOT NULL, -- in the document
    body     TEXT   NOT NULL, -- JSON
    vector   BLOB,            -- 32 bit floats, little endian
    PRIMARY KEY (tenant, document, place)
);

-- What was last ingested of each item of a source.
CREATE TABLE frontdesk_digest (
    tenant TEXT NOT NULL,
    source TEXT NOT NULL,
    item   TEXT NOT NULL,
    digest TEXT NOT NULL,
    PRIMARY KEY (tenant, source, item)
) WITHOUT ROWID;

-- The keys that are taken. A key is a cause, and has one effect.
CREATE TABLE frontdesk_movement (
    tenant TEXT NOT NULL,
    ledger TEXT NOT NULL,
    key    TEXT NOT NULL,
    PRIMARY KEY (tenant, ledger, key)
) WITHOUT ROWID;

CREATE TABLE frontdesk_entry (
    tenant  TEXT   NOT NULL,
    ledger  TEXT   NOT NULL,
    seq     BIGINT NOT NULL,
    key     TEXT   NOT NULL,
    account TEXT   NOT NULL,
    amount  BIGINT NOT NULL,
    kind    TEXT   NOT NULL,
    at      BIGINT NOT NULL,
    PRIMARY KEY (tenant, ledger, seq),
    FOREIGN KEY (tenant, ledger, key) REFERENCES frontdesk_movement (tenant, ledger, key)
) WITHOUT ROWID;
-- For the entries of one movement.
CREATE INDEX frontdesk_entry_key ON frontdesk_entry (tenant, ledger, key);

-- The sum of an account's entries, so that it need not be summed up each time.
CREATE TABLE frontdesk_balance (
    tenant  TEXT   NOT NULL,
    ledger  TEXT   NOT NULL,
    account TEXT   NOT NULL,
    amount  BIGINT NOT NULL,
    PRIMARY KEY (tenant, ledger, account)
) WITHOUT ROWID;

CREATE TABLE frontdesk_job (
    tenant      TEXT   NOT NULL,
    name        TEXT   NOT NULL,
    last_run    BIGINT NOT NULL, -- when the last finished run was due
    failure     TEXT   NOT NULL, -- of that run
    claimed     BIGINT NOT NULL, -- when the run under lease was due
    lease_until BIGINT NOT NULL,
    PRIMARY KEY (tenant, name)
) WITHOUT ROWID;
