-- Codes and ids sort by code point on every engine, whatever the locale of the database.
create domain ordinal_text as text collate "C";
