-- one row a field, week of conversations and import of their codes: coded conversations, and those in which nobody was asked: by
-- most coders who mark it, where they are as many by who coded first; of those who were asked, and without an account
with said as (
    select
        code.conversation_id,
        code.import_id,
        case
            when code.asked is null and code."first" is null then 0
            when
                coalesce(code.asked, true)
                and coalesce(replace(replace(replace(lower(code."first"), ' ', ''), '_', ''), '-', ''), '') <> 'notasked'
                then 1
            else -1
        end as vote,
        row_number() over (
            partition by
                code.conversation_id,
                case when code.asked is null and code."first" is null then 0 else 1 end
            order by code.coded_at, code.coder
        ) as place
    from facts.codes as code
    where cast(code.coded_at as date) <= $through
),
coded as (
    select
        conversation_id,
        max(import_id) as import_id,
        case when sum(case when place = 1 then 3 * vote else 2 * vote end) > 0 then 1 else 0 end as was_asked
    from said
    group by conversation_id
),
talks as (
    select cast(date_trunc('week', talk.held_at) as date) as week, coded.import_id, coded.was_asked, talk.account
    from facts.conversations as talk
    inner join coded on talk.conversation_id = coded.conversation_id
    where talk.workflow = $workflow and cast(talk.held_at as date) <= $through
)
select 'asked' as field, week, import_id, count(*) as count_rows, sum(1 - was_asked) as count_missing
from talks
group by all
union all
select
    'account' as field,
    week,
    import_id,
    count(*) as count_rows,
    sum(case when account is null then 1 else 0 end) as count_missing
from talks
where was_asked = 1
group by all
order by all
