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
