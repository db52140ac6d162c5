-- one row a version of a row of the template, as its export said it; times in UTC; appended, never updated. is_retired:
-- true where it says that the row is in force no longer, else NULL
create table if not exists landed.{table} (
    {columns},
    attributes map(varchar, varchar) not null,
    modified_at timestamp,
    known_at timestamp not null,
    import_id bigint not null,
    line bigint not null,
    is_retired boolean
)
