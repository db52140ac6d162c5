-- one row a week of conversations and import of their codes: coded conversations, and those in which nobody was asked
with coded as (
    select
        code.conversation_id,
        max(code.import_id) as import_id,
        max(
            case
                when coalesce(code.asked, code."first" is not null)
                    and coalesce(replace(replace(replace(lower(code."first"), ' ', ''), '_', ''), '-', ''), '') <> 'notasked'
                    then 1
                else 0
            end
        ) as was_asked
    from facts.codes as code
    where cast(code.coded_at as date) <= $through
    group by code.conversation_id
)
select
    'asked' as field,
    cast(date_trunc('week', talk.held_at) as date) as week,
    coded.import_id,
    count(*) as count_rows,
    sum(1 - coded.was_asked) as count_missing
from facts.conversations as talk
inner join coded on talk.conversation_id = coded.conversation_id
where talk.workflow = $workflow and cast(talk.held_at as date) <= $through
group by all
order by all
