-- group_totals: one row a row that is the total of others of its group; none yet
create or replace temp table group_totals (record bigint, line bigint)
