-- workspaces of format 3 don't say what the rows of an import add up to; those of their imports stay without
create table if not exists landed.digests (
    sequence bigint not null,
    import_id bigint not null,
    template varchar not null,
    columns varchar[] not null,
    engine varchar not null,
    row_count bigint not null,
    digest varchar not null,
    previous_hash varchar,
    hash varchar not null
);
