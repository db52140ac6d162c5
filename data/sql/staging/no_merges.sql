-- no row: an export that says of no identity that it has become another one
create or replace temp table merges_coming as
select null::varchar as old_id, null::varchar as new_id, null::bigint as line
where false
