-- one row a version that no other supersedes and that does not say all that is known: with the columns that only other
-- exports of its row have, each as the newest of them says it. Derived from the versions, made anew with every one
create table if not exists landed.{folded} (
    {columns},
    attributes map(varchar, varchar) not null,
    modified_at timestamp,
    known_at timestamp not null,
    import_id bigint not null,
    line bigint not null,
    is_retired boolean
)
