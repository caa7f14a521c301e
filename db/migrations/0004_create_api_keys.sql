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
