-- one row a readable row whose key stands in the file more than once, and what becomes of it
create or replace temp table doubles as
-- of all rows, readable or not: nothing but keys has to be held for them
with repeated as (
    select hash({key}) as key_hash
    from typed_rows
    group by key_hash
    having count(*) > 1
),

readable as (
    select typed_rows.*
    from typed_rows
    semi join repeated on hash({key}) = repeated.key_hash
    anti join (select distinct record from faults) as faulty on typed_rows.record = faulty.record
),

members as (
    select
        record,
        line,
        row({key}) as key_value,
        row({content}, attributes::varchar)::varchar as content,
        {changed_at} as changed_at
    from readable
),

aged as (
    select
        *,
        count(*) over (partition by key_value) as members,
        changed_at is not distinct from max(changed_at) over (partition by key_value) as is_newest
    from members
),

judged as (
    select
        *,
        count(distinct content) filter (is_newest) over (partition by key_value) as newest_contents,
        row_number() over (partition by key_value, is_newest order by record) as place
    from aged
    where members > 1
)

select
    record,
    line,
    case
        when not is_newest then 'older_version'
        when newest_contents > 1 then 'duplicate_id_conflict'
        when place > 1 then 'exact_duplicate'
        else 'kept'
    end as outcome
from judged
