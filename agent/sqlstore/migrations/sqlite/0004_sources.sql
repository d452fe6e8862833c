-- What is known of a source since its last sync.
CREATE TABLE frontdesk_source (
    tenant TEXT NOT NULL,
    source TEXT NOT NULL,
    body   TEXT NOT NULL, -- JSON
    PRIMARY KEY (tenant, source)
) WITHOUT ROWID;

-- What is known of each item of a source.
CREATE TABLE frontdesk_item (
    tenant TEXT NOT NULL,
    source TEXT NOT NULL,
    item   TEXT NOT NULL,
    body   TEXT NOT NULL, -- JSON
    PRIMARY KEY (tenant, source, item)
) WITHOUT ROWID;

-- A digest says that the item was ingested, and nothing about its version.
INSERT INTO frontdesk_item (tenant, source, item, body)
SELECT tenant, source, item, json_object('item', item, 'digest', digest) FROM frontdesk_digest;

DROP TABLE frontdesk_digest;
