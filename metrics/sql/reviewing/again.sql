-- one row a conversation that $coder coded from $first through $last and that did not come again to them before $monday, at
-- most $most, by a hash that is another one every week; again_on: the day on which they coded it again, if they did
select
    talk.conversation_id,
    cast(date_trunc('week', talk.held_at) as date) as week,
    talk.text,
    cast(again.coded_at as date) as again_on
from facts.codes as code
inner join facts.conversations as talk on code.conversation_id = talk.conversation_id
left join facts.codes as again
    on code.conversation_id = again.conversation_id and lower(again.coder) = concat($coder, ' (again)')
where
    talk.workflow = $workflow
    and lower(code.coder) = $coder
    and cast(code.coded_at as date) between $first and $last
    and coalesce(talk.text, '') <> ''
    and (again.coded_at is null or cast(again.coded_at as date) >= $monday)
order by sha256(concat(cast($monday as varchar), ' ', talk.conversation_id))
limit $most
