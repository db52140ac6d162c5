-- appends one version; nothing is ever changed or removed
insert into agreed.charters
    (workflow, version, content, content_hash, previous_hash, author, reason, registered_at)
values
    ($workflow, $version, $content, $content_hash, $previous_hash, $author, $reason, $registered_at)
