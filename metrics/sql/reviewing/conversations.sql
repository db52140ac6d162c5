-- one row a conversation of a workflow whose notes are to be coded, of the weeks from $first (a Monday) through $last: of
-- each week $a_week, drawn by a hash of their identities
select
    conversation_id,
    cast(date_trunc('week', held_at) as date) as week,
    text
from facts.conversations
where workflow = $workflow and cast(held_at as date) between $first and $last and coalesce(text, '') <> ''
qualify
    row_number() over (
        partition by week
        order by sha256($workflow || ' ' || conversation_id)
    ) <= $a_week
order by week, sha256($workflow || ' ' || conversation_id)
