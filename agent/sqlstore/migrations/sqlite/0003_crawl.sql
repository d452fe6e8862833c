CREATE TABLE frontdesk_crawl (
    tenant TEXT   NOT NULL,
    source TEXT   NOT NULL,
    began  BIGINT NOT NULL,
    ended  BIGINT NOT NULL, -- 0 while it is under way
    PRIMARY KEY (tenant, source)
) WITHOUT ROWID;

-- What is remembered of each address of a source.
CREATE TABLE frontdesk_visit (
    tenant TEXT   NOT NULL,
    source TEXT   NOT NULL,
    url    TEXT   NOT NULL,
    crawl  BIGINT NOT NULL, -- when the crawl of the last visit began
    body   TEXT   NOT NULL, -- JSON
    PRIMARY KEY (tenant, source, url)
);

-- The links of a visit, apart because they change less often than it.
CREATE TABLE frontdesk_visit_link (
    tenant TEXT NOT NULL,
    source TEXT NOT NULL,
    url    TEXT NOT NULL,
    links  TEXT NOT NULL, -- one a line
    PRIMARY KEY (tenant, source, url)
);
