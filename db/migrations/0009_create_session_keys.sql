-- What encrypts the sessions of the people who are signed in at the pages, and their forms. Not part of what is known at a revision.
create table session_key (
    name     ordinal_text not null primary key,
    made_at  ordinal_text not null,         -- instant, RFC 3339 in UTC with microseconds
    xml      text not null                  -- as ASP.NET Core Data Protection writes it; secret
);
