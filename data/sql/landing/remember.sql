-- remembers what a person said about files with these headings
insert into landed.answers values ($fingerprint, $template, $answers, $import_id)
