CREATE TABLE frontdesk_crawl (
    tenant TEXT COLLATE "C"   NOT NULL,
    source TEXT COLLATE "C"   NOT NULL,
    began  BIGINT NOT NULL,
    ended  BIGINT NOT NULL, -- 0 while it is under way
    PRIMARY KEY (tenant, source)
);

-- What is remembered of each address of a source.
CREATE TABLE frontdesk_visit (
    tenant TEXT COLLATE "C"   NOT NULL,
    source TEXT COLLATE "C"   NOT NULL,
    url    TEXT COLLATE "C"   NOT NULL,
    crawl  BIGINT NOT NULL, -- when the crawl of the last visit began
    body   TEXT COLLATE "C"   NOT NULL, -- JSON
    PRIMARY KEY (tenant, source, url)
);

-- The links of a visit, apart because they change less often than it.
CREATE TABLE frontdesk_visit_link (
    tenant TEXT COLLATE "C" NOT NULL,
    source TEXT COLLATE "C" NOT NULL,
    url    TEXT COLLATE "C" NOT NULL,
    links  TEXT COLLATE "C" NOT NULL, -- one a line
    PRIMARY KEY (tenant, source, url)
);
