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
