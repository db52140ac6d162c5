-- remembers one import
insert into landed.imports values (
    $import_id, $file, $sha256, $bytes, $source, $template, $workflow, $answers, $fingerprint,
    $known_at, $landed_at, null,
    $read, $new, $updated, $unchanged, $stale, $quarantined, $skipped,
    $header, $reading, $warnings, $columns, $segments
)
