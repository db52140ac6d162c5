-- appends one row; nothing is ever changed or removed
insert into agreed.ledger
    (sequence, kind, workflow, subject, happened_at, actor, payload, previous_hash, hash)
values (
    $sequence, $kind, $workflow, $subject, cast($at as timestamp), $by, $payload, $previous_hash, $hash
)
