-- one row an import that was not undone: rows read, left in quarantine, and standing in the file more than once; oldest first
with doubled as (
    -- line 0 stands for as many more as it says
    select import_id, sum(count_lines) as count_doubled
    from (
        select distinct import_id, line, reason, case when line = 0 then cast(raw as bigint) else 1 end as count_lines
        from landed.skipped
        where reason in ('exact_duplicate', 'older_version')
        union all
        select distinct import_id, line, reason, case when line = 0 then cast(value as bigint) else 1 end as count_lines
        from landed.quarantine
        where reason = 'duplicate_id_conflict'
    ) as lines
    group by import_id
)
select
    landing.import_id,
    landing.file,
    landing.template,
    landing.source,
    landing.workflow,
    cast(facts.local_time(landing.known_at) as date) as known_on,
    landing.rows_read,
    landing.rows_new + landing.rows_updated as count_landed,
    landing.rows_quarantined,
    coalesce(doubled.count_doubled, 0) as count_doubled
from landed.imports as landing
left join doubled on landing.import_id = doubled.import_id
where landing.undone_at is null and landing.bytes > 0
order by landing.import_id
