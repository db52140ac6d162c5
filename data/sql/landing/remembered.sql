-- one row a template that files with these headings were landed as: the newest answers for it
select template, arg_max(answers, import_id) as answers
from landed.answers
where
    header_fingerprint = $fingerprint
    and ($template is null or template = $template)
group by template
