-- What is known of a source since its last sync.
CREATE TABLE frontdesk_source (
    tenant TEXT COLLATE "C" NOT NULL,
    source TEXT COLLATE "C" NOT NULL,
    body   TEXT COLLATE "C" NOT NULL, -- JSON
    PRIMARY KEY (tenant, source)
);

-- What is known of each item of a source.
CREATE TABLE frontdesk_item (
    tenant TEXT COLLATE "C" NOT NULL,
    source TEXT COLLATE "C" NOT NULL,
    item   TEXT COLLATE "C" NOT NULL,
    body   TEXT COLLATE "C" NOT NULL, -- JSON
    PRIMARY KEY (tenant, source, item)
);
