-- SQLite sorts text by its bytes already; a column type that contains "text" keeps text as text.
select 1;
