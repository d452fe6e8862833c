-- What counts under the key of a limit.
CREATE TABLE frontdesk_use (
    tenant TEXT   NOT NULL,
    key    TEXT   NOT NULL,
    cause  TEXT   NOT NULL,
    amount BIGINT NOT NULL,
    at     BIGINT NOT NULL,
    PRIMARY KEY (tenant, key, cause)
) WITHOUT ROWID;
