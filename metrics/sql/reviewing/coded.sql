-- one row a code of a workflow's conversations that were held from $first through $last
select
    code.conversation_id,
    code.coder,
    case when code.asked is not null and not code.asked then 'not-asked' else coalesce(code."first", '') end as first_named
from facts.codes as code
inner join facts.conversations as talk on code.conversation_id = talk.conversation_id
where talk.workflow = $workflow and cast(talk.held_at as date) between $first and $last
order by all
