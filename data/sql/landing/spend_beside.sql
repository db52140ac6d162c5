-- spend_new: one row a row of spend below line $after whose key is not known, and spend_known: one row a known one of the days of
-- these that the file does not replace, or one above that line, with the first and the last of their days on the workspace's
-- calendar, and which columns say what they are of
create or replace temp table spend_new as
select
    line,
{row}from typed_rows
semi join fresh_rows on typed_rows.record = fresh_rows.record
where {amount} <> 0 and {has_no_other} and line > $after;

create or replace temp table spend_known as
select
{row}from landed.{known} as known
anti join matches on known.import_id = matches.of_import and known.line = matches.of_line
where
    {amount} <> 0
    and facts.local_time(spent_on)::date <= (select max(last_day) from spend_new)
    and facts.local_time(coalesce(spent_to, spent_on))::date >= (select min(first_day) from spend_new)
union all
select
{row}from typed_rows
anti join (
    select record from faults
    union all
    select record from doubles where outcome <> 'kept'
) as others on typed_rows.record = others.record
where
    line < $after
    and is_retired is not true
    and {amount} <> 0
    and facts.local_time(spent_on)::date <= (select max(last_day) from spend_new)
    and facts.local_time(coalesce(spent_to, spent_on))::date >= (select min(first_day) from spend_new)
