-- workspaces of format 2 do not say of which columns an import speaks, and have nothing that was retired or merged
alter table landed.imports add column if not exists columns varchar[];
alter table landed.imports add column if not exists segments varchar[];

create table if not exists landed.merges (
    template varchar not null,
    import_id bigint not null,
    line bigint not null,
    old_id varchar not null,
    new_id varchar not null,
    known_at timestamp not null
);

create table if not exists landed.aliases (
    template varchar not null,
    old_id varchar not null,
    new_id varchar not null
);
