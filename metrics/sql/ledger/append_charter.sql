-- appends one version, unless that version exists by now; nothing is ever changed or removed
insert into agreed.charters
    (workflow, version, content, content_hash, previous_hash, author, reason, registered_at)
select
    $workflow, $version, $content, $content_hash, $previous_hash, $author, $reason,
    cast($registered_at as timestamp)
where not exists (select 1 from agreed.charters where workflow = $workflow and version = $version)
