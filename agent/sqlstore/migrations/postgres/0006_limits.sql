-- What counts under the key of a limit.
CREATE TABLE frontdesk_use (
    tenant TEXT COLLATE "C" NOT NULL,
    key    TEXT COLLATE "C" NOT NULL,
    cause  TEXT COLLATE "C" NOT NULL,
    amount BIGINT NOT NULL,
    at     BIGINT NOT NULL,
    PRIMARY KEY (tenant, key, cause)
);
