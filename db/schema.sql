-- What the migrations add up to. This file is for reading; a test makes a database from it on both engines and compares the catalogues.
-- A registry's database is made by the migrations alone, which a start applies.
--
-- The text is the same for both engines but for one thing: the type of texts that must sort by code point, whatever the locale.
--   PostgreSQL: needs it first:   create domain ordinal_text as text collate "C";
--   SQLite:     needs nothing:    it sorts text by its bytes, and a column type that contains "text" keeps text as text.

-- Which migrations were applied, each with the checksum of its text: an edited one is refused at start, as is a newer database.
create table schema_migration (
    number      bigint not null primary key,
    name        text not null,
    checksum    text not null,
    applied_at  text not null
);

-- What this database is, and its newest revision. Updating the one row is what orders the writers.
create table registry (
    only_row  boolean not null primary key default true check (only_row),
    format    ordinal_text not null,
    revision  bigint not null
);

-- The append-only, hash-chained log: one row for every write, without gaps.
create table change (
    revision       bigint not null primary key,
    at             ordinal_text not null,   -- instant, RFC 3339 in UTC with microseconds; never earlier than the one before
    actor          ordinal_text not null,
    type           ordinal_text not null,
    subject        ordinal_text not null,   -- address of what was written: /v1/schemes/cel
    data           text not null,           -- JSON, canonical
    salts          text not null,           -- JSON: pointer of each personal member to its salt and digest
    digest         ordinal_text not null,   -- SHA-256 of data with each personal member replaced by its digest
    previous_hash  ordinal_text not null,
    hash           ordinal_text not null
);

create index change_by_instant on change (at, revision);
create index change_by_subject on change (subject, revision);

-- The rows of a register that was written as one change.
create table change_item (
    revision  bigint not null references change (revision) deferrable initially deferred,
    place     bigint not null,              -- from 1, in the order received
    data      text not null,
    salts     text not null,
    digest    ordinal_text not null,
    primary key (revision, place)
);

-- Label bodies, categories, schemes, standards, agreements and policies: every version, as one document each.
-- A decision reads them all at once, so they are not taken apart into columns.
create table record (
    kind            ordinal_text not null,
    code            ordinal_text not null,
    recorded_from   bigint not null,        -- revision that wrote this version
    recorded_until  bigint,                 -- first revision that no longer shows it; null while current
    data            text not null,
    primary key (kind, code, recorded_from)
);

create unique index record_current on record (kind, code) where recorded_until is null;
create index record_by_start on record (recorded_from);
create index record_by_end on record (recorded_until);

-- Certificates: every version, as a document with the columns that it is found by.
create table certificate (
    id              ordinal_text not null,
    recorded_from   bigint not null,
    recorded_until  bigint,
    scheme          ordinal_text not null,
    find_number     ordinal_text,           -- the number normalised for finding; null where no source prints one
    find_holder     ordinal_text,
    data            text not null,
    primary key (id, recorded_from)
);

create unique index certificate_current on certificate (id) where recorded_until is null;
create index certificate_by_number on certificate (find_number, scheme);
create index certificate_by_scheme on certificate (scheme, id);
create index certificate_by_start on certificate (recorded_from); -- what was written since a revision: every server follows it

-- Further numbers under which a certificate is known.
create table certificate_number (
    find_number     ordinal_text not null,
    certificate     ordinal_text not null,
    recorded_from   bigint not null,
    recorded_until  bigint,
    primary key (find_number, certificate, recorded_from)
);

-- Product lines of certificates that name a product, one version each.
create table product_line (
    certificate     ordinal_text not null,
    line            bigint not null,        -- place in the certificate, from 1; a line keeps its place
    recorded_from   bigint not null,
    recorded_until  bigint,
    product         ordinal_text not null,  -- id of the product: brand and model
    find_product    ordinal_text not null,  -- brand and model normalised for finding
    brand           text not null,
    model           text not null,
    category        ordinal_text,
    primary key (certificate, line, recorded_from)
);

create index product_line_by_product on product_line (product);
create index product_line_by_name on product_line (find_product, product, certificate, line);

-- GTINs of product lines, as 14 digits.
create table product_gtin (
    gtin            ordinal_text not null,
    certificate     ordinal_text not null,
    line            bigint not null,
    recorded_from   bigint not null,
    recorded_until  bigint,
    product         ordinal_text,           -- null for a line that names no product
    primary key (gtin, certificate, line, recorded_from)
);

create index product_gtin_by_certificate on product_gtin (certificate);

-- What anybody holds against a record, and what the body concerned answers: every version, found by the address of the record.
create table objection (
    id              ordinal_text not null,
    recorded_from   bigint not null,
    recorded_until  bigint,
    filed           bigint not null,        -- revision that wrote the first version: the order of lists
    about           ordinal_text not null,  -- address of the record: /v1/certificates/…
    answered_at     ordinal_text,           -- null while nobody has answered
    data            text not null,
    primary key (id, recorded_from)
);

create unique index objection_current on objection (id) where recorded_until is null;
create index objection_by_about on objection (about, filed);
create index objection_by_filing on objection (filed);

-- Keys with which a label body, an authority or the registrar writes. The secret itself is shown once and never stored.
create table api_key (
    id              ordinal_text not null primary key,
    owner           ordinal_text not null,  -- as the log names an actor: registrar, body:geca, authority:…
    name            text not null,
    secret_hash     ordinal_text not null,  -- SHA-256 of the whole key, in lower-case hexadecimal
    issued_by       ordinal_text not null,  -- actor
    issued_at       ordinal_text not null,  -- instants, RFC 3339 in UTC with microseconds
    expires_at      ordinal_text,           -- first instant at which it is no longer valid
    revoked_at      ordinal_text,
    last_used_at    ordinal_text
);

create index api_key_by_owner on api_key (owner, issued_at);

-- What a write that carried an Idempotency-Key was answered, written in the transaction of the write; kept for 24 hours.
create table idempotent_answer (
    caller          ordinal_text not null,  -- actor
    idempotency_key ordinal_text not null,
    request_digest  ordinal_text not null,  -- SHA-256 of method, address and body
    at              ordinal_text not null,
    status          bigint,                 -- of a refusal; null where the write was done
    answer          text,                   -- JSON: the result of the write, or the problem document; null where it may not be shown twice
    primary key (caller, idempotency_key)
);

create index idempotent_answer_by_age on idempotent_answer (at);

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

-- Who is told of changes, and where. Not part of what is known at a revision: rows are updated in place.
create table subscription (
    id              ordinal_text not null primary key,
    owner           ordinal_text not null,  -- actor
    url             text not null,
    filter          text not null,          -- JSON
    secret          ordinal_text not null,  -- signs every delivery, so that its hash would not do
    made_at         ordinal_text not null,  -- instants, RFC 3339 in UTC with microseconds
    after_revision  bigint not null,        -- nothing up to here is left to find for it
    resume_at       ordinal_text,           -- nothing is tried before; null where nothing is waited for
    lease_holder    ordinal_text,           -- the server that delivers at the moment
    lease_until     ordinal_text
);

create index subscription_by_owner on subscription (owner, made_at);

-- One entry of the log for one subscription. The id that a receiver sees is made of both.
create table delivery (
    subscription    ordinal_text not null references subscription (id),
    revision        bigint not null,
    state           ordinal_text not null,  -- pending, delivered, dead
    attempts        bigint not null,
    tried_at        ordinal_text,
    status          bigint,                 -- of HTTP, where the last attempt was answered
    failure         ordinal_text,           -- why the last attempt failed; null where it did not
    primary key (subscription, revision)
);

create index delivery_pending on delivery (subscription, revision) where state = 'pending';

-- What encrypts the sessions of the people who are signed in at the pages, and their forms. Not part of what is known at a revision.
create table session_key (
    name     ordinal_text not null primary key,
    made_at  ordinal_text not null,         -- instant, RFC 3339 in UTC with microseconds
    xml      text not null                  -- as ASP.NET Core Data Protection writes it; secret
);

-- What was wrong with the rows of an import, or why it was refused: for whoever sent it. Goes with its import.
create table import_report (
    import  ordinal_text not null primary key references register_import (id),
    data    text not null                           -- JSON
);
