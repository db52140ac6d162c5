-- workspaces of format 2 do not say of which columns an import speaks, and have nothing that was retired or merged
alter table landed.imports add column if not exists columns varchar[];
alter table landed.imports add column if not exists segments varchar[];
