-- workspaces of format 1 say no format, and the oldest keep no cells of rows that were set aside
alter table landed.schema_stamp add column if not exists format bigint;
alter table landed.schema_stamp add column if not exists made_by varchar;
alter table landed.quarantine add column if not exists cells varchar[];
