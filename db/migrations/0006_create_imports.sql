-- Imports of registers, running and ended: how far each is, and which scheme has one under way. What an import wrote is in the log;
-- these rows make no revision, and tell only what a client that waits wants to know.
create table register_import (
    id          ordinal_text not null primary key,  -- in the order of their starts
    scheme      ordinal_text not null,
    kind        ordinal_text not null,              -- full or delta
    actor       ordinal_text not null,
    state       ordinal_text not null,
    version     bigint not null,                    -- how often this row was written
    started_at  ordinal_text not null,              -- instants as in the log
    seen_at     ordinal_text not null,              -- the last sign of life of the server that runs it
    ended_at    ordinal_text,                       -- null while it runs
    received    bigint not null,
    checked     bigint not null,
    created     bigint not null,
    updated     bigint not null,
    unchanged   bigint not null,
    withdrawn   bigint not null,
    rejected    bigint not null,
    revision    bigint,                             -- that it made; null when it changed nothing
    problem     ordinal_text                        -- why it was refused
);

-- One import of a scheme at a time, on whichever server.
create unique index register_import_running on register_import (scheme) where ended_at is null;
create index register_import_by_scheme on register_import (scheme, id);
