-- What was wrong with the rows of an import, or why it was refused: for whoever sent it. Goes with its import.
create table import_report (
    import  ordinal_text not null primary key references register_import (id),
    data    text not null                           -- JSON
);
