-- Every server holds what a check needs in memory and follows the log: it reads what was written since the revision that it shows.
create index certificate_by_start on certificate (recorded_from);
