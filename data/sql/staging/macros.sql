-- cells: how the text of one cell becomes a value. NULL in, NULL out; what can't be read becomes NULL.
create schema if not exists cells;

-- text without padding, also of no-break and zero-width spaces (the engine's own trim is fast, but knows none)
create or replace macro cells.trimmed(x) as
    case
        when strlen(x) = length(x) then trim(x)
        else trim(x, ' ' || chr(160) || chr(8203) || chr(65279))
    end;

-- text without padding, NULL where it says 'missing'; most cells are too long to say so
create or replace macro cells.known(x) as
    case
        when strlen(x) > 7 and strlen(x) = length(x) then nullif(trim(x), '')
        when lower(cells.trimmed(x)) in ('', '-', '--', '–', '—', 'n/a', '#n/a', 'null', 'none', 'nan', '(blank)', '\n')
            then null
        else cells.trimmed(x)
    end;

-- the same of a cell without padding: ASCII without spaces around it
create or replace macro cells.tidy(x) as
    case
        when x in (
            '', '-', '--', 'n/a', 'N/A', 'N/a', '#n/a', '#N/A', 'null', 'NULL', 'Null', 'none', 'NONE', 'None', 'nan', 'NAN',
            'NaN', 'Nan', '(blank)', '(BLANK)', '(Blank)', '\n', '\N'
        ) then null
        else x
    end;

create or replace macro cells.is_tidy(x) as x = trim(x) and strlen(x) = length(x);

-- a word as it is looked up in a list of words: single spaces, lower case
create or replace macro cells.word(x) as lower(regexp_replace(x, '\s+', ' ', 'g'));

-- sixteen hexadecimal digits that stand for an address or a number in this workspace only
create or replace macro cells.pseudonym(x, salt) as 'hashed:' || substr(sha256(salt || lower(x)), 1, 16);

create or replace macro cells.is_address(x) as
    contains(x, '@') and regexp_full_match(x, '[^@\s]+@[^@\s]+\.[^@\s]+');

create or replace macro cells.without_address(x, salt) as
    case when cells.is_address(x) then cells.pseudonym(x, salt) else x end;

-- free text with e-mail addresses and phone numbers masked
create or replace macro cells.masked(x) as
    regexp_replace(
        regexp_replace(x, '[^@\s<>()",;:]+@[^@\s<>()",;:]+\.[[:alpha:]]{2,}', '[e-mail]', 'g'),
        '(\+|\b00)[0-9][0-9 ()./-]{6,}[0-9]', '[phone]', 'g'
    );

-- a moment of a zone's clock, as UTC
create or replace macro cells.to_utc(moment, zone) as
    case when zone = 'UTC' then moment else timezone('UTC', timezone(zone, moment)) end;

-- NULL for moments that no business export means: year 12, year 9999
create or replace macro cells.plausible(moment) as
    case when moment >= timestamp '1970-01-02' and moment < timestamp '2200-01-01' then moment end;

create or replace macro cells.has_offset(x) as
    length(x) > 10
    and (
        contains(substr(x, 12), '+') or contains(substr(x, 12), '-') or contains(substr(x, 12), 'Z')
        or contains(substr(x, 12), 'z') or contains(substr(x, 12), 'U') or contains(substr(x, 12), 'G')
    );

create or replace macro cells.offset_time(x) as
    timezone('UTC', try_cast(
        regexp_replace(
            regexp_replace(x, ' ?(UTC|GMT|Z|z)$', '+00'),
            '^(.{10}[T ]\d{1,2}:\d{2}) ?([+-].*)$', '\1:00\2'
        ) as timestamptz
    ));

-- ISO 8601: 2026-11-22, 2026-11-22 09:15, 2026-11-22T09:15:00.5+01:00; without an offset on the zone's clock.
-- A day, or nineteen characters with a colon before the seconds, have no offset; nearly all cells are such.
create or replace macro cells.iso_time(x, zone) as
    cells.plausible(
        case
            when strlen(x) <= 10 or (strlen(x) = 19 and substr(x, 17, 1) = ':')
                then cells.to_utc(try_cast(x as timestamp), zone)
            when cells.has_offset(x) then cells.offset_time(x)
            else cells.to_utc(try_cast(x as timestamp), zone)
        end
    );

-- clear without asking: names of months, YYYYMMDD, and days with dots (always day first)
create or replace macro cells.named_time(x, zone) as
    coalesce(
        cells.plausible(cells.to_utc(try_strptime(x, [
            '%d %b %Y', '%d-%b-%Y', '%d %B %Y', '%b %d, %Y', '%B %d, %Y', '%a, %d %b %Y', '%A, %d %B %Y', '%d.%m.%Y',
            '%d %b %Y %H:%M', '%d %b %Y %H:%M:%S', '%d-%b-%Y %H:%M', '%d-%b-%Y %H:%M:%S', '%a, %d %b %Y %H:%M:%S',
            '%b %d, %Y %I:%M %p', '%B %d, %Y %I:%M %p', '%b %d, %Y, %I:%M %p', '%b %d, %Y %H:%M', '%B %d, %Y %H:%M',
            '%Y-%m-%d %I:%M %p', '%Y-%m-%d %I:%M:%S %p', '%Y/%m/%d %I:%M %p', '%Y%m%d',
            '%d.%m.%Y %H:%M', '%d.%m.%Y %H:%M:%S', '%d.%m.%Y, %H:%M'
        ]), zone)),
        cells.plausible(cells.to_utc(try_strptime(x, [
            '%d-%b-%y', '%d %b %y', '%d-%b-%y %H:%M', '%d.%m.%y', '%d.%m.%y %H:%M'
        ]), zone))
    );

-- whatever is clear without asking
create or replace macro cells.clear_time(x, zone) as
    coalesce(cells.iso_time(x, zone), cells.named_time(x, zone));

-- day before month: 22/11/2026, 22.11.26 9:15, 22-11-2026 09:15:30
create or replace macro cells.dmy_time(x, zone) as
    coalesce(
        cells.clear_time(x, zone),
        cells.plausible(cells.to_utc(try_strptime(replace(replace(x, '.', '/'), '-', '/'), [
            '%d/%m/%Y', '%d/%m/%Y %H:%M', '%d/%m/%Y %H:%M:%S', '%d/%m/%Y %I:%M %p', '%d/%m/%Y %I:%M:%S %p',
            '%d/%m/%Y, %H:%M', '%d/%m/%Y, %H:%M:%S', '%d/%m/%Y, %I:%M %p', '%d/%m/%Y, %I:%M:%S %p'
        ]), zone)),
        cells.plausible(cells.to_utc(try_strptime(replace(replace(x, '.', '/'), '-', '/'), [
            '%d/%m/%y', '%d/%m/%y %H:%M', '%d/%m/%y %H:%M:%S', '%d/%m/%y %I:%M %p', '%d/%m/%y %I:%M:%S %p'
        ]), zone))
    );

-- month before day: 11/22/2026, 11/22/26 9:15 AM
create or replace macro cells.mdy_time(x, zone) as
    coalesce(
        cells.clear_time(x, zone),
        cells.plausible(cells.to_utc(try_strptime(replace(x, '-', '/'), [
            '%m/%d/%Y', '%m/%d/%Y %H:%M', '%m/%d/%Y %H:%M:%S', '%m/%d/%Y %I:%M %p', '%m/%d/%Y %I:%M:%S %p',
            '%m/%d/%Y, %H:%M', '%m/%d/%Y, %H:%M:%S', '%m/%d/%Y, %I:%M %p', '%m/%d/%Y, %I:%M:%S %p'
        ]), zone)),
        cells.plausible(cells.to_utc(try_strptime(replace(x, '-', '/'), [
            '%m/%d/%y', '%m/%d/%y %H:%M', '%m/%d/%y %H:%M:%S', '%m/%d/%y %I:%M %p', '%m/%d/%y %I:%M:%S %p'
        ]), zone))
    );

-- days since 30 December 1899, as spreadsheets count: 46027 = 2026-01-05, 46042.5 = 2026-01-20 12:00
create or replace macro cells.serial_time(x, zone) as
    coalesce(
        cells.iso_time(x, zone),
        case
            when try_cast(x as double) between 25569 and 73050
                then cells.to_utc(
                    timestamp '1899-12-30' + to_seconds(round(try_cast(x as double) * 86400)::bigint), zone
                )
        end
    );

-- plain numbers: 1250, 1250.50, -3, 1e3
create or replace macro cells.plain_number(x) as
    case when isfinite(try_cast(x as double)) and not contains(x, '_') then try_cast(x as double) end;

create or replace macro cells.unspaced_number(x) as
    regexp_replace(
        regexp_replace(x, '[[:space:]\x{00A0}\x{202F}\x{2009}\x{2007}''’]', '', 'g'),
        '^([(-]?)(?:[A-Z]{3}|\p{Sc}|[A-Z]{1,2}\p{Sc})|(?:[A-Z]{3}|\p{Sc}|kr|%)([)-]?)$', '\1\2', 'g'
    );

-- a number without what surrounds it: currency signs and codes, spaces of all kinds, a percent sign;
-- (1,234) and 1,234- are negative
create or replace macro cells.bare_number(x) as
    case
        when regexp_full_match(cells.unspaced_number(x), '\(.*\)|[^-]+-')
            then '-' || regexp_replace(cells.unspaced_number(x), '[()-]', '', 'g')
        else cells.unspaced_number(x)
    end;

-- decimal point, commas between thousands: 1,234.50, USD 1,234.00, (12.5)
create or replace macro cells.point_number(x) as
    case
        when regexp_full_match(cells.bare_number(x), '[+-]?(\d+|[1-9]\d{0,2}(,\d{2,3})*,\d{3})?(\.\d*)?([eE][+-]?\d+)?')
            then cells.plain_number(replace(cells.bare_number(x), ',', ''))
    end;

-- decimal comma, points between thousands: 1.234,50, 1 234,50 €, -50,00
create or replace macro cells.comma_number(x) as
    case
        when regexp_full_match(cells.bare_number(x), '[+-]?(\d+|[1-9]\d{0,2}(\.\d{3})+)?(,\d*)?')
            then cells.plain_number(replace(replace(cells.bare_number(x), '.', ''), ',', '.'))
    end;

-- a share: 12.5% and 12,5 % are 0.125 (no rate needs a separator between thousands); a bare number times the scale
create or replace macro cells.rate(x, scale) as
    (case when contains(x, ',') then cells.comma_number(x) else cells.point_number(x) end)
    * (case when contains(x, '%') then 0.01 else scale end);

create or replace macro cells.boolean(x) as
    case
        when cells.word(x) in ('yes', 'y', 'true', 't', '1', 'ja', 'wahr', 'oui', 'vrai', 'sí', 'si', 'sim', 'x', '✓')
            then true
        when cells.word(x) in ('no', 'n', 'false', 'f', '0', 'nein', 'falsch', 'non', 'faux', 'não')
            then false
    end;

-- a map of headings to cells without its empty entries; cells of `private` headings as pseudonyms
create or replace macro cells.attributes(headings, texts, private, salt) as
    map_from_entries(
        list_transform(
            list_filter(
                list_zip(headings, list_transform(texts, lambda x: cells.known(x)), private),
                lambda entry: entry[2] is not null
            ),
            lambda entry: {
                'k': entry[1],
                'v': case when entry[3] then cells.pseudonym(entry[2], salt) else entry[2] end
            }
        )
    );
