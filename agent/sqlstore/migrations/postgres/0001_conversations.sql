-- Times are nanoseconds since 1970 UTC, 0 for the zero time. A wake column is
-- when the row may next be claimed or taken, NULL for never.

CREATE TABLE frontdesk_conversation (
    tenant      TEXT COLLATE "C"   NOT NULL,
    id          TEXT COLLATE "C"   NOT NULL,
    channel     TEXT COLLATE "C"   NOT NULL,
    thread      TEXT COLLATE "C"   NOT NULL,
    owner       TEXT COLLATE "C"   NOT NULL,
    epoch       BIGINT NOT NULL,
    answered    BIGINT NOT NULL,
    last_seq    BIGINT NOT NULL, -- of its messages
    waiting     BIGINT NOT NULL, -- 1 if the customer wrote after answered
    due         BIGINT,          -- NULL for never
    lease_until BIGINT NOT NULL,
    worker      TEXT COLLATE "C"   NOT NULL,
    wake        BIGINT,          -- the later of due and lease_until
    active_at   BIGINT NOT NULL,
    customer    TEXT COLLATE "C"   NOT NULL, -- JSON
    body        TEXT COLLATE "C"   NOT NULL, -- JSON; the columns above hold in its place
    PRIMARY KEY (tenant, id),
    UNIQUE (tenant, channel, thread)
);
-- For Claim, which it covers. What is never due is not in it.
CREATE INDEX frontdesk_conversation_wake ON frontdesk_conversation (tenant, wake, id, channel) WHERE wake IS NOT NULL;
-- For Conversations, the most recently active first.
CREATE INDEX frontdesk_conversation_active ON frontdesk_conversation (tenant, active_at, id);
-- For Release.
CREATE INDEX frontdesk_conversation_worker ON frontdesk_conversation (tenant, worker) WHERE worker <> '';

-- The transcript, and in its last columns the outbox.
CREATE TABLE frontdesk_message (
    tenant       TEXT COLLATE "C"   NOT NULL,
    conversation TEXT COLLATE "C"   NOT NULL,
    seq          BIGINT NOT NULL,
    channel      TEXT COLLATE "C"   NOT NULL,
    id           TEXT COLLATE "C"   NOT NULL,
    inbound      BIGINT NOT NULL, -- 1 if Receive stored it
    author       TEXT COLLATE "C"   NOT NULL,
    stored_at    BIGINT NOT NULL,
    body         TEXT COLLATE "C"   NOT NULL, -- JSON
    state        TEXT COLLATE "C"   NOT NULL,
    attempts     BIGINT NOT NULL,
    next_at      BIGINT NOT NULL,
    interrupted  BIGINT NOT NULL,
    detail       TEXT COLLATE "C"   NOT NULL,
    worker       TEXT COLLATE "C"   NOT NULL,
    wake         BIGINT,          -- only of the first unfinished message of a conversation
    PRIMARY KEY (tenant, conversation, seq),
    UNIQUE (tenant, conversation, id),
    FOREIGN KEY (tenant, conversation) REFERENCES frontdesk_conversation (tenant, id)
);
-- A message ID that a provider repeats is received once.
CREATE UNIQUE INDEX frontdesk_message_inbound ON frontdesk_message (tenant, channel, id) WHERE inbound = 1;
-- For the first message of a conversation that is not delivered yet.
CREATE INDEX frontdesk_message_unfinished ON frontdesk_message (tenant, conversation, seq) WHERE state IN ('pending', 'sending');
-- For Take, which it covers.
CREATE INDEX frontdesk_message_wake ON frontdesk_message (tenant, wake, conversation, seq, channel) WHERE wake IS NOT NULL;
-- For Release.
CREATE INDEX frontdesk_message_worker ON frontdesk_message (tenant, worker) WHERE worker <> '';

CREATE TABLE frontdesk_turn (
    tenant       TEXT COLLATE "C"   NOT NULL,
    conversation TEXT COLLATE "C"   NOT NULL,
    epoch        BIGINT NOT NULL,
    body         TEXT COLLATE "C"   NOT NULL, -- JSON
    PRIMARY KEY (tenant, conversation, epoch),
    FOREIGN KEY (tenant, conversation) REFERENCES frontdesk_conversation (tenant, id)
);

CREATE TABLE frontdesk_record (
    tenant       TEXT COLLATE "C"   NOT NULL,
    seq          BIGINT NOT NULL,
    at           BIGINT NOT NULL,
    conversation TEXT COLLATE "C"   NOT NULL,
    kind         TEXT COLLATE "C"   NOT NULL,
    actor        TEXT COLLATE "C"   NOT NULL,
    detail       TEXT COLLATE "C"   NOT NULL,
    PRIMARY KEY (tenant, seq)
);
-- For the Records of one conversation; the primary key orders those of all.
CREATE INDEX frontdesk_record_conversation ON frontdesk_record (tenant, conversation, seq);
