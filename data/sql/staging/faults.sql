-- one row a fault of a record; a record may have several
create or replace temp table faults (
    record bigint not null,
    line bigint not null,
    column_name varchar not null,
    value varchar,
    reason varchar not null
)
