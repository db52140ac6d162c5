-- one row a code of a workflow's conversations through $last: by whom, when, what its buyer named first
select
    cast(code.coded_at as date) as judged_on,
    'first' as dimension,
    code.conversation_id as item_id,
    code.coder as reviewer,
    case when code.asked is not null and not code.asked then 'not-asked' else coalesce(code."first", '') end as said
from facts.codes as code
inner join facts.conversations as talk on code.conversation_id = talk.conversation_id
where talk.workflow = $workflow and cast(code.coded_at as date) <= $last
order by all
