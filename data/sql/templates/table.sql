-- one row a version of a row of the template; times in UTC; appended, never updated
create table if not exists landed.{table} (
    {columns},
    attributes map(varchar, varchar) not null,
    modified_at timestamp,
    known_at timestamp not null,
    import_id bigint not null,
    line bigint not null
)
