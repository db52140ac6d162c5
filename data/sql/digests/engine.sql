-- a few values as this engine hashes them: another release may hash them otherwise, and digests can't be compared then
select hash('Leadline', 1::bigint, 1.5::double, true, timestamp '2026-01-05 12:00:00', map(['a'], ['b']), null)::varchar
