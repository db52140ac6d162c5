-- cells: how the text of one cell becomes a value. NULL in, NULL out; what can't be read becomes NULL.
-- Words are looked up with list_contains: a long IN becomes a join, for which every cell is prepared, whatever CASE says.
create schema if not exists cells;

-- ASCII without spaces around it or a spreadsheet's sign before it: what most cells are, and quicker to see than to trim
create or replace macro cells.is_tidy(x) as
    strlen(x) = length(x) and not starts_with(x, ' ') and not ends_with(x, ' ')
    and not starts_with(x, '=') and not starts_with(x, '''');

-- figures, ASCII letters and underscores alone: neither an address nor a telephone number, and no number that lost digits
create or replace macro cells.is_bare(x) as regexp_full_match(x, '[0-9A-Za-z_]*');

-- letters of any script with their accents, as members of a class in a pattern. The engine's own classes of letters have hundreds
-- of ranges, and a pattern that holds one takes ten times as long to prepare as all else in it
create or replace macro cells.letters() as
    'A-Za-z\x{AA}\x{B5}\x{BA}\x{C0}-\x{D6}\x{D8}-\x{F6}\x{F8}-\x{60A}\x{60C}-\x{9F1}\x{9F4}-\x{E3E}\x{E40}-\x{17DA}\x{17DC}-\x{1FFF}'
    || '\x{2C00}-\x{2DFF}\x{3005}-\x{3007}\x{3031}-\x{D7FF}\x{F900}-\x{FDFB}\x{FE70}-\x{FEFC}'
    || '\x{FF21}-\x{FF3A}\x{FF41}-\x{FF5A}\x{FF66}-\x{FFDC}\x{10000}-\x{1EFFF}\x{20000}-\x{3FFFF}';

-- those and figures
create or replace macro cells.signs() as cells.letters() || '0-9\x{B2}\x{B3}\x{B9}\x{BC}-\x{BE}\x{FF10}-\x{FF19}';

-- letters alone at the beginning, as words have them and hardly an identity: 'sub-total', not 'LEAD-17'
create or replace macro cells.begins_with_word(x) as
    regexp_matches(
        x,
        '^[^' || cells.letters() || '0-9]*[' || cells.letters() || ']+(-[' || cells.letters() || ']|[^' || cells.letters() || '0-9_-]|$)'
    );

-- text as a spreadsheet shows it: ="00123" and '00123 are how people keep it from taking a text for a number,
-- =HYPERLINK("https://…", "L1") shows L1 (in every language of the function's name)
create or replace macro cells.shown(x) as
    case
        when starts_with(x, '=') and regexp_full_match(x, '="[^"]*"') then trim(substr(x, 3, length(x) - 3))
        when starts_with(x, '=') and regexp_full_match(x, '=[' || cells.letters() || '._]+\( ?"\w+:[^"]*" ?[;,] ?"?[^"()]*"? ?\)')
            then trim(regexp_extract(x, '[;,] ?"?([^"()]*)"? ?\)$', 1))
        when starts_with(x, '''') and regexp_full_match(x, '''[-+=@0-9][^\s'']*( [0-9:.]+)?') then substr(x, 2)
        else x
    end;

-- text without padding, also of no-break and zero-width spaces (the engine's own trim knows none), each letter with its accents
-- as one sign, whichever way a system writes it
create or replace macro cells.unpadded(x) as
    case when strlen(x) = length(x) then trim(x) else trim(nfc_normalize(x), ' ' || chr(160) || chr(8203) || chr(65279)) end;

create or replace macro cells.trimmed(x) as
    case
        when cells.is_tidy(x) then x
        else list_transform([cells.unpadded(x)], lambda unpadded: cells.shown(unpadded))[1]
    end;

create or replace macro cells.said(x) as
    case
        when list_contains([
            '', '-', '--', '---', '–', '—', 'n/a', '#n/a', 'null', '(null)', 'none', '(none)', '--none--', '- none -', 'nan',
            '(blank)', '(not set)', '\n', '#ref!', '#div/0!', '#value!', '#name?', '#num!', '#null!'
        ], lower(x))
            then null
        else x
    end;

-- text without padding, NULL where it says 'missing'; most cells are too long to say so
create or replace macro cells.known(x) as
    case
        when strlen(x) > 9 and cells.is_tidy(x) then x
        when cells.is_tidy(x) then cells.said(x)
        else list_transform(
            [cells.unpadded(x)],
            lambda unpadded: list_transform([cells.shown(unpadded)], lambda shown: cells.said(shown))[1]
        )[1]
    end;

-- the same of a tidy cell
create or replace macro cells.tidy(x) as
    case
        when strlen(x) > 9 then x
        when list_contains([
            '', '-', '--', 'n/a', 'N/A', 'N/a', '#n/a', '#N/A', 'null', 'NULL', 'Null', 'none', 'NONE', 'None', 'nan', 'NAN',
            'NaN', 'Nan', '(blank)', '(BLANK)', '(Blank)', '\n', '\N', '---', '(null)', '(NULL)', '(none)', '(None)',
            '--None--', '--none--', '- None -', '- none -', '(not set)', '#REF!', '#DIV/0!', '#VALUE!', '#NAME?', '#NUM!',
            '#NULL!'
        ], x) then null
        else x
    end;

-- whether the first cell of a row may be that of a total or a comment. Few begin with a space or with the letter of such
-- a word (E, G, S, T, Z), and only those are trimmed.
create or replace macro cells.begins_oddly(x) as
    case
        when x is null then true
        when list_contains([32, 69, 71, 83, 84, 90, 101, 103, 115, 116, 122], ascii(x)) or ascii(x) > 127
            then
                list_contains([
                    'total', 'grand', 'subto', 'sub t', 'sub-t', 'summe', 'gesam', 'endsu', 'zwisc', 'sous-', 'eindt', 'somme'
                ], lower(substr(trim(x), 1, 5)))
                or lower(x) = 'suma'
                or lower(x) = 'soma'
                or starts_with(x, chr(65279))
        else starts_with(x, '#')
    end;

-- a word as it is looked up in a list of words: single spaces, lower case
create or replace macro cells.word(x) as lower(regexp_replace(x, '\s+', ' ', 'g'));

-- the same without what systems write between its parts: Closed Won, closed-won and CLOSED_WON are one word
create or replace macro cells.joined(word) as regexp_replace(word, '[\s_./-]+', '', 'g');

-- sixteen hexadecimal digits that stand for an address or a number in this workspace only
-- one of them stands for itself, as in rows that were set aside and come back corrected
create or replace macro cells.pseudonym(x, salt) as
    case
        when starts_with(x, 'hashed:') and regexp_full_match(x, 'hashed:[0-9a-f]{16}') then x
        else 'hashed:' || substr(sha256(salt || lower(x)), 1, 16)
    end;

-- the sign of an address, also as a wide letter and as links write it
create or replace macro cells.has_at(x) as regexp_matches(x, '@|＠|%40');
create or replace macro cells.plain_at(x) as replace(replace(x, '＠', '@'), '%40', '@');

create or replace macro cells.is_address(x) as
    cells.has_at(x) and regexp_full_match(cells.plain_at(x), '[^@\s]+@[^@\s]+\.[^@\s]+');

-- the addresses that a text holds, each once, in small letters and in order, and what the text says beside them
create or replace macro cells.without_scheme(x) as regexp_replace(lower(cells.plain_at(x)), 'mailto: ?', '', 'g');
create or replace macro cells.addresses_of(x) as
    list_sort(list_distinct(regexp_extract_all(
        cells.without_scheme(x),
        '([^@\s<>()\[\]",;|''][^@\s<>()\[\]",;|]*@[^@\s<>()\[\]",;|?]+\.[' || cells.signs() || '-]+)(?:\?[^@\s<>]*)?', 1
    )));
create or replace macro cells.beside_addresses(x) as
    regexp_replace(
        cells.without_scheme(x),
        '[^@\s<>()\[\]",;|''][^@\s<>()\[\]",;|]*@[^@\s<>()\[\]",;|?]+\.[' || cells.signs() || '-]+(?:\?[^@\s<>]*)?', '', 'g'
    );

-- an address in one form, however it is written: with a name in front, in brackets, as a link, in a list. What tells
-- more than whose it is, such as the number of an order beside it, stays a part of it.
create or replace macro cells.one_address(x) as
    list_transform(
        [{'said': x, 'found': cells.addresses_of(x), 'rest': cells.beside_addresses(x)}],
        lambda one: case
            when len(one.found) > 0 and (
                regexp_full_match(one.rest, '[<>()\[\]",;|''.\s]*')
                or (regexp_matches(one.said, '[<(\s]') and not regexp_matches(one.rest, '\d'))
            ) then array_to_string(one.found, ';')
            else one.said
        end
    )[1];
create or replace macro cells.holds_address(x) as
    cells.has_at(x) and (
        cells.is_address(x)
        or regexp_matches(cells.plain_at(x), '[^@\s<>()\[\]",;|][^@\s<>()\[\]",;|]*@[^@\s<>()\[\]",;|?]+\.[' || cells.signs() || '-]+')
    );

-- whether a cell is, or names, a telephone number; figures alone may be any system's identity and are none
create or replace macro cells.is_telephone(x) as
    regexp_matches(x, '(^|[\s:;,(<])\+[0-9(][0-9 ()./-]{5,}[0-9]')
    or regexp_full_match(
        x,
        '(?i)((tel|phone|telefon|mobile?|cell|handy|fax|whatsapp|sms)[.:]* ?)?(00[1-9][0-9]{0,2}[ (/][0-9 ()./-]{5,}[0-9]'
        || '|\([0-9]{3}\) ?[0-9]{3}[ .-][0-9]{4}|[0-9]{3}[.-][0-9]{3}[.-][0-9]{4}'
        || '|0[1-9]([ .-][0-9]{2}){4}|\(0[0-9]{1,4}\) ?[0-9][0-9 /-]{3,}[0-9]|0[1-9][0-9]{1,3} ?[ /-] ?[0-9]{2,}[0-9 /-]{3,}[0-9])'
    );

-- a telephone number in one form, if the cell says nothing else
create or replace macro cells.one_telephone(x) as
    case
        when regexp_full_match(x, '(?i)((tel|phone|telefon|mobile?|cell|handy|fax|whatsapp|sms)[.:]* ?)?\+?[0-9 ()./-]+')
            then regexp_replace(
                regexp_replace(regexp_replace(x, '(?i)^[a-z]+[.: ]*|\(0\)', '', 'g'), '^00([1-9])', '+\1'),
                '[ ()./-]', '', 'g'
            )
        else x
    end;

-- whether a cell under a heading of addresses or numbers could be one: 'yes', 'mobile' and '0.93' could not
create or replace macro cells.may_be_address(x) as
    contains(x, '@') or length(regexp_replace(x, '[^0-9]', '', 'g')) >= 6;

-- a recipient in one form, only to be compared with others
create or replace macro cells.recipient(x) as
    list_transform(
        [cells.known(x)],
        lambda said: lower(case when contains(said, '@') then cells.one_address(said) else said end)
    )[1];

-- one pseudonym for all the ways in which an address or a number is written. A macro repeats its argument wherever it
-- names it, and so do the macros in it; what a lambda is handed stands there once
create or replace macro cells.pseudonym_of(x, salt) as
    list_transform(
        [
            case
                when cells.has_at(x) then cells.one_address(x)
                when cells.is_telephone(x) then cells.one_telephone(x)
                else x
            end
        ],
        lambda written: cells.pseudonym(written, salt)
    )[1];

create or replace macro cells.without_address(x, salt) as
    case
        when cells.holds_address(x) or cells.is_telephone(x)
            then cells.pseudonym_of(x, salt)
        else x
    end;

-- One form of what systems and spreadsheets write in several: 1001.0, 1001,00, #1001 and １００１ are 1001, and a GUID stands
-- in small letters without braces. Salesforce's own 18 characters are its 15 and a check of which of them are capital letters.
create or replace macro cells.is_guid(x) as
    regexp_full_match(x, '(?i)(urn:uuid:)?[{(]?[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}[})]?');

-- whether an identity may be written so: few are, and only those are looked at with an expression
create or replace macro cells.may_have_forms(x) as
    ends_with(x, '.0') or ends_with(x, '0') and list_contains(['.00', ',00', ',0'], ltrim(right(x, 3), '123456789'))
    or starts_with(x, '#') or strlen(x) <> length(x) or strlen(x) between 36 and 47;

create or replace macro cells.narrow(x) as
    case
        when strlen(x) = length(x) then x
        else translate(x, '０１２３４５６７８９٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹－＿＃', '012345678901234567890123456789-_#')
    end;

create or replace macro cells.one_form(x) as
    case
        when not cells.may_have_forms(x) then x
        when strlen(x) between 36 and 47 and cells.is_guid(x)
            then lower(regexp_extract(x, '[0-9a-fA-F]{8}-[0-9a-fA-F-]{27}'))
        else coalesce(nullif(regexp_extract(cells.narrow(x), '^#?(\d+)([.,]0{1,2})?$', 1), ''), cells.narrow(x))
    end;

-- an identity as text; NULL where a spreadsheet has turned it into a number and lost its last digits: 1.20253E+17
create or replace macro cells.identity(x, salt) as
    case
        when cells.has_at(x) or contains(x, '+') or strlen(x) between 9 and 40 and regexp_matches(x, '[0-9)][ ()./-]+[0-9]')
            then
                case
                    when regexp_full_match(x, '\d([.,]\d+)?[Ee]\+\d{1,3}') then null
                    else list_transform([cells.without_address(x, salt)], lambda written: cells.one_form(written))[1]
                end
        else cells.one_form(x)
    end;

-- what a system or a person writes where a day is not known: 0000-00-00, the first or last day of a calendar, TBD
create or replace macro cells.is_filler(x) as
    regexp_full_match(
        lower(x),
        '(0000-00-00|0001-01-01|1753-01-01|1899-12-3[01]|1900-01-0[01]|1970-01-01|9999-12-31|2999-12-31)([t ].*)?'
        || '|(00[./-]00[./-]0000|0?1[./-]0?1[./-](0001|1753|1900|1970)|31[./-]12[./-][29]999|12[./-]31[./-][29]999)( .*)?'
        || '|0(\.0+)?|\?+|t\.?b\.?[acd]\.?|n\.?a\.?|k\.? ?a\.?|never|not yet|pending|unknown|no date|undefined|open|ongoing'
        || '|nie|noch nicht|offen|unbekannt|jamais|inconnu|nunca|pendiente|desconocido|mai'
    );

-- Numbers of people by their shape alone, which no system's identity has: telephone numbers with a '+', an area code in brackets,
-- a word such as 'tel' or pairs of figures; cards in groups of four; accounts (IBAN) in groups. discretion.py has the same
create or replace macro cells.sure_number() as
    '\+[0-9][0-9 ()./-]{6,}[0-9]|\([0-9]{3}\) ?[0-9]{3}[ .-][0-9]{4}\b|\(0[0-9]{1,4}\) ?[0-9][0-9 /-]{3,}[0-9]\b'
    || '|\b0[1-9](?: [0-9]{2}){4}\b|\b0[1-9](?:\.[0-9]{2}){4}\b|\b0[1-9](?:-[0-9]{2}){4}\b'
    || '|\b(?:(?:[Tt][Ee][Ll]|[Ff][Aa][Xx]|[Cc]all|[Pp]hone|[Tt]elefon|[Tt]elephone|[Mm]obile?|[Cc]ell|[Hh]andy|[Ww]hats[Aa]pp)[.:]* ?)'
    || '[(]?0[0-9 ()./-]{5,}[0-9]'
    || '|\b[3-6][0-9]{3} [0-9]{4} [0-9]{4} [0-9]{2,4}\b|\b[3-6][0-9]{3}-[0-9]{4}-[0-9]{4}-[0-9]{2,4}\b|\b3[47][0-9]{2} [0-9]{6} [0-9]{5}\b'
    || '|\b[A-Z]{2}[0-9]{2}(?: [A-Z0-9]{4}){3,7}(?: [A-Z0-9]{1,3})?\b';

create or replace macro cells.without_mail(x) as
    regexp_replace(x, '[^@＠\s<>()",;:'']+(?:@|＠|%40)[^@＠\s<>()",;:]+\.[' || cells.letters() || ']{2,}', '[e-mail]', 'g');

-- numbers of cards without groups: as banks give them out, and with the check digit of ISO/IEC 7812 (Luhn's)
create or replace macro cells.card_number() as
    '\b(?:4[0-9]{15}|5[1-5][0-9]{14}|2[2-7][0-9]{14}|3[47][0-9]{13}|6(?:011|5[0-9]{2})[0-9]{12})\b';

create or replace macro cells.has_check_digit(number) as
    list_sum(list_transform(
        string_split(reverse(number), ''),
        lambda figure, place: case
            when place % 2 = 1 then figure::integer
            else figure::integer * 2 - case when figure > '4' then 9 else 0 end
        end
    )) % 10 = 0;

create or replace macro cells.without_card(x) as
    case
        when regexp_matches(x, '[0-9]{15}') and not regexp_full_match(x, '[0-9]*')
            then list_reduce(
                list_filter(regexp_extract_all(x, cells.card_number()), lambda number: cells.has_check_digit(number)),
                lambda text, number: replace(text, number, '[phone]'),
                x
            )
        else x
    end;

-- free text with e-mail addresses and numbers of people masked
create or replace macro cells.masked(x) as
    regexp_replace(
        regexp_replace(cells.without_mail(cells.without_card(x)), cells.sure_number(), '[phone]', 'g'),
        '\b00[0-9][0-9 ()./-]{6,}[0-9]|\b[0-9]{3}[.-][0-9]{3}[.-][0-9]{4}\b|\b0[0-9]{2,4}[ /-][0-9]{2,}[0-9 /-]{3,}[0-9]\b',
        '[phone]', 'g'
    );

-- a moment of a zone's clock, as UTC
create or replace macro cells.to_utc(moment, zone) as
    case when zone = 'UTC' then moment else timezone('UTC', timezone(zone, moment)) end;

-- NULL for moments that no business export means: year 12, year 9999
create or replace macro cells.plausible(moment) as
    case when moment >= timestamp '1970-01-02' and moment < timestamp '2200-01-01' then moment end;

-- the same on a zone's clock, for what is long to write out
create or replace macro cells.likely(written, zone) as
    list_transform([written], lambda clock: cells.plausible(cells.to_utc(clock, zone)))[1];

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

-- clear without asking: names of months, YYYYMMDD, and days with dots (always day first). To try a form takes about a
-- microsecond a cell, so only those are tried that the beginning of a text and its colons allow.
create or replace macro cells.named_time(x, zone) as
    case
        when regexp_matches(x, '^\d{1,2}\.\d') then coalesce(
            cells.likely(try_strptime(x, [
                '%d.%m.%Y', '%d.%m.%Y %H:%M', '%d.%m.%Y %H:%M:%S', '%d.%m.%Y, %H:%M', '%d.%m.%Y %I:%M %p'
            ]), zone),
            cells.likely(try_strptime(x, ['%d.%m.%y', '%d.%m.%y %H:%M']), zone)
        )
        when regexp_matches(x, '^\d') and contains(x, ':') then coalesce(
            cells.likely(try_strptime(x, [
                '%d %b %Y %H:%M', '%d %b %Y %H:%M:%S', '%d-%b-%Y %H:%M', '%d-%b-%Y %H:%M:%S', '%Y-%m-%d %I:%M %p',
                '%Y-%m-%d %I:%M:%S %p', '%Y/%m/%d %I:%M %p', '%Y%m%d %H:%M'
            ]), zone),
            cells.likely(try_strptime(x, ['%d-%b-%y %H:%M']), zone)
        )
        when regexp_matches(x, '^\d') then coalesce(
            cells.likely(try_strptime(x, [
                '%d %b %Y', '%d-%b-%Y', '%d %B %Y', '%Y%m%d', '%Y%m%d%H%M%S', '%Y%m%d%H%M', '%Y%m%dT%H%M%S'
            ]), zone),
            cells.likely(try_strptime(x, ['%d-%b-%y', '%d %b %y']), zone)
        )
        else cells.likely(try_strptime(x, [
            '%b %d, %Y', '%B %d, %Y', '%a, %d %b %Y', '%A, %d %B %Y', '%a, %d %b %Y %H:%M:%S', '%b %d, %Y %I:%M %p',
            '%B %d, %Y %I:%M %p', '%b %d, %Y, %I:%M %p', '%b %d, %Y %H:%M', '%B %d, %Y %H:%M'
        ]), zone)
    end;

-- a text without its time of day where that is one of 24 hours at its end, maybe before a zone in letters: what it proves of
-- how days are written it proves for the whole day
create or replace macro cells.of_day(x) as
    regexp_replace(
        regexp_replace(
            x, '([ T])(?:[01]?\d|2[0-3]):[0-5]\d:[0-5]\d( [A-Z]{3,5})?$', '\10:00:00\2'
        ), '([ T])(?:[01]?\d|2[0-3]):[0-5]\d( [A-Z]{3,5})?$', '\10:00\2'
    );

-- a day in figures, its year last, and a time of day of 24 hours: nothing in it could be written otherwise
create or replace macro cells.is_figures(x) as
    regexp_full_match(x, '\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}(,? \d{1,2}:\d{2}(:\d{2})?)?');

-- one kind of space, and the words and signs around the time of day as strptime knows them: '14h30', '2:30 p. m.', 'à'
create or replace macro cells.clock(x) as
    case
        when cells.is_figures(x) then x
        else
            regexp_replace(
                regexp_replace(
                    regexp_replace(
                        regexp_replace(x, '[\x{00A0}\x{2009}\x{202F}\s]+', ' ', 'g'),
                        '(\d)(,?) (?:um|at|à|a las|a la|às|alle|alle ore|om|kl\.?|den) (\d)', '\1\2 \3'
                    ),
                    '(\d{1,2}) ?[h:] ?(\d{2}(?::\d{2})?)(?: Uhr)?$', '\1:\2'
                ),
                '([0-9]) ?([AaPp])\.? ?[Mm]\.?$', '\1 \2m'
            )
    end;

-- the number that stands beside a word in a text ' jan=1 feb=2 '. A map would be laid out anew for every row inside a lambda
create or replace macro cells.looked_up(word, numbers) as
    try_cast(nullif(split_part(split_part(numbers, ' ' || word || '=', 2), ' ', 1), '') as integer);

-- number of the month that a word or its short form means in the languages of the exports
create or replace macro cells.month_of(word) as
    cells.looked_up(
        word,
        ' jan=1 january=1 januar=1 janner=1 janv=1 janvier=1 ene=1 enero=1 janeiro=1 gen=1 gennaio=1 januari=1 feb=2'
        || ' february=2 februar=2 februari=2 fev=2 fevr=2 fevrier=2 fevereiro=2 febrero=2 febbraio=2 febr=2 mar=3 march=3'
        || ' marz=3 maerz=3 mrz=3 mars=3 marzo=3 marco=3 maart=3 mrt=3 apr=4 april=4 avr=4 avril=4 abr=4 abril=4 aprile=4'
        || ' may=5 mai=5 mayo=5 maio=5 mag=5 maggio=5 mei=5 jun=6 june=6 juni=6 juin=6 junio=6 junho=6 giu=6 giugno=6'
        || ' jul=7 july=7 juli=7 juil=7 juillet=7 julio=7 julho=7 lug=7 luglio=7 aug=8 august=8 aout=8 ago=8 agosto=8'
        || ' augustus=8 sep=9 sept=9 september=9 septembre=9 septiembre=9 setiembre=9 set=9 setembro=9 sett=9 settembre=9'
        || ' oct=10 october=10 okt=10 oktober=10 octobre=10 octubre=10 out=10 outubro=10 ott=10 ottobre=10 nov=11'
        || ' november=11 novembre=11 noviembre=11 novembro=11 dec=12 december=12 dez=12 dezember=12 decembre=12 dic=12'
        || ' diciembre=12 dezembro=12 dicembre=12 '
    );

-- A lambda names what is used more than once: a macro writes its argument out as often, and nested macros grow beyond bounds.
-- day, month in words, year and time of day of a text as ISO 8601, and that as a moment
create or replace macro cells.dated(parts, zone) as
    list_transform(
        [
            printf(
                '%s-%02d-%02d %s',
                case when length(parts.y) = 2 then '20' || parts.y else parts.y end,
                cells.month_of(strip_accents(parts.m)),
                try_cast(parts.d as integer),
                trim(parts.t)
            )
        ],
        lambda written: coalesce(
            cells.iso_time(trim(written), zone),
            cells.likely(try_strptime(written, ['%Y-%m-%d %I:%M %p', '%Y-%m-%d %I:%M:%S %p']), zone)
        )
    )[1];

-- names of months in other languages too: 5. Januar 2026, 5 janv. 2026, 10 de dez. de 2022, 5 mars 2026 à 14h30
create or replace macro cells.worded_time(x, zone) as
    list_transform(
        [
            regexp_extract(
                lower(cells.clock(x)),
                '^(?:[' || cells.letters() || ']+\.?,? )?(\d{1,2})(?:st|nd|rd|th|er|re|º|ª|\.)?[ -]?(?:de |of )?([' || cells.letters() || ']+)\.?,?[ -](?:de |del )?(\d{4}|\d{2})(?:,| -|$| )(.*)$',
                ['d', 'm', 'y', 't']
            ),
            regexp_extract(
                regexp_replace(lower(cells.clock(x)), '^(?:[' || cells.letters() || ']+\.?,? )?([' || cells.letters() || ']+)\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})', '\2 \1 \3'),
                '^(\d{1,2}) ([' || cells.letters() || ']+) (\d{4})(?:,| -|$| )(.*)$',
                ['d', 'm', 'y', 't']
            )
        ],
        lambda parts: case when parts.d <> '' then cells.dated(parts, zone) end
    ).list_filter(lambda moment: moment is not null)[1];

-- a day in figures, its year last, whose order of day and month must be known first
create or replace macro cells.is_slashed(x) as starts_with(ltrim(left(x, 3), '0123456789'), '/') and not starts_with(x, '/');

-- whatever is clear without asking
create or replace macro cells.clear_time(x, zone) as
    case
        when not cells.is_slashed(x)
            then coalesce(cells.iso_time(x, zone), cells.named_time(x, zone), cells.worded_time(x, zone))
    end;

-- day before month: 22/11/2026, 22.11.26 9:15, 22-11-2026 09:15:30
create or replace macro cells.dmy_time(x, zone) as
    coalesce(
        cells.clear_time(x, zone),
        cells.likely(try_strptime(replace(replace(cells.clock(x), '.', '/'), '-', '/'), [
            '%d/%m/%Y', '%d/%m/%Y %H:%M', '%d/%m/%Y %H:%M:%S', '%d/%m/%Y %I:%M %p', '%d/%m/%Y %I:%M:%S %p',
            '%d/%m/%Y, %H:%M', '%d/%m/%Y, %H:%M:%S', '%d/%m/%Y, %I:%M %p', '%d/%m/%Y, %I:%M:%S %p'
        ]), zone),
        cells.likely(try_strptime(replace(replace(cells.clock(x), '.', '/'), '-', '/'), [
            '%d/%m/%y', '%d/%m/%y %H:%M', '%d/%m/%y %H:%M:%S', '%d/%m/%y %I:%M %p', '%d/%m/%y %I:%M:%S %p'
        ]), zone)
    );

-- month before day: 11/22/2026, 11/22/26 9:15 AM
create or replace macro cells.mdy_time(x, zone) as
    coalesce(
        cells.clear_time(x, zone),
        cells.likely(try_strptime(replace(cells.clock(x), '-', '/'), [
            '%m/%d/%Y', '%m/%d/%Y %H:%M', '%m/%d/%Y %H:%M:%S', '%m/%d/%Y %I:%M %p', '%m/%d/%Y %I:%M:%S %p',
            '%m/%d/%Y, %H:%M', '%m/%d/%Y, %H:%M:%S', '%m/%d/%Y, %I:%M %p', '%m/%d/%Y, %I:%M:%S %p'
        ]), zone),
        cells.likely(try_strptime(replace(cells.clock(x), '-', '/'), [
            '%m/%d/%y', '%m/%d/%y %H:%M', '%m/%d/%y %H:%M:%S', '%m/%d/%y %I:%M %p', '%m/%d/%y %I:%M:%S %p'
        ]), zone)
    );

-- year, month, day with two digits each: 26/01/31, 26.01.31 9:15
create or replace macro cells.ymd_time(x, zone) as
    coalesce(
        cells.iso_time(x, zone),
        cells.likely(try_strptime(replace(replace(cells.clock(x), '.', '/'), '-', '/'), [
            '%y/%m/%d', '%y/%m/%d %H:%M', '%y/%m/%d %H:%M:%S', '%y/%m/%d %I:%M %p', '%y/%m/%d %I:%M:%S %p'
        ]), zone),
        cells.clear_time(x, zone)
    );

-- Minutes before UTC of the zones that are written in letters; those that mean more than one (CST, IST, BST) are asked.
create or replace macro cells.zone_minutes(letters) as
    cells.looked_up(
        lower(letters),
        ' utc=0 gmt=0 ut=0 wet=0 west=60 cet=60 cest=120 mez=60 mesz=120 eet=120 eest=180 msk=180 est=-300 edt=-240'
        || ' cdt=-300 mst=-420 mdt=-360 pst=-480 pdt=-420 akst=-540 akdt=-480 hst=-600 nst=-210 ndt=-150 adt=-180 brt=-180'
        || ' art=-180 clt=-240 sast=120 wat=60 eat=180 pkt=300 npt=345 ict=420 wib=420 hkt=480 sgt=480 awst=480 jst=540'
        || ' kst=540 acst=570 acdt=630 aest=600 aedt=660 nzst=720 nzdt=780 '
    );

-- The text of a moment in the order and the signs of the usual forms, whatever wrote it: 2026年1月6日 下午4:00, 2026.01.06,
-- 20260106T160000Z, Tue Jan 06 2026 16:00:00 GMT+0100 (…), 2026-01-06 16:00:00 +0000 UTC. What says nothing is left out: days
-- of the week, a zone in brackets behind its offset.
create or replace macro cells.plainly(x) as
    case
        when regexp_full_match(x, '\d{1,2}[/.-]\d{1,2}[/.-]\d{4} \d{1,2}:\d{2}(:\d{2})?( [A-Z]{3,5})?') then x
        else
            trim(
                regexp_replace(regexp_replace(regexp_replace(regexp_replace(
                regexp_replace(regexp_replace(regexp_replace(regexp_replace(
                regexp_replace(regexp_replace(regexp_replace(regexp_replace(
                regexp_replace(regexp_replace(regexp_replace(regexp_replace(
                regexp_replace(regexp_replace(regexp_replace(regexp_replace(
                regexp_replace(
                    cells.trimmed(x),
                    '[\x{00A0}\x{2009}\x{202F}\x{3000}\s]+', ' ', 'g'
                ),
                    -- a zone behind its offset, in brackets of either kind or in letters
                    '([+-]\d{2}:?\d{2}|[\d ]Z) ?(?:\[[^\]]*\]|\([^()]*\)|(?:UTC|GMT|[A-Z]{2,5})(?: m=.*)?)$', '\1'
                ),
                    '\(([A-Za-z]{2,5})\)$', ' \1'
                ),
                    ' ?\((?:[' || cells.letters() || ']|[Mm]on|[Tt]ue|[Ww]ed|[Tt]hu|[Ff]ri|[Ss]at|[Ss]un)\)|(?:星期|周|週)[一二三四五六日天]|[月火水木金土日]曜日?|[월화수목금토일]요일|(\d) (?:[Mm]on|[Tt]ue|[Ww]ed|[Tt]hu|[Ff]ri|[Ss]at|[Ss]un)[a-z]*\.?( |$)', '\1 \2', 'g'
                ),
                    '(\d{4}) ?[年년.] ?(\d{1,2}) ?[月월.] ?(\d{1,2})(?: ?[日일]|\.( |$)|( |T|$))', '\1-\2-\3 \5'
                ),
                    '(\d{1,2}) ?[時时點点시] ?(\d{1,2}) ?[分분] ?(\d{1,2}) ?[秒초]', '\1:\2:\3'
                ),
                    '(\d{1,2}) ?[時时點点시] ?(\d{1,2}) ?[分분]', '\1:\2'
                ),
                    '(\d{1,2}) ?[時时點点시]( |$)', '\1:00\2'
                ),
                    '(?:下午|午後|오후|(?i:PM)|ÖS|du\.) ?((?:1[3-9]|2[0-3]):\d{2}(?::\d{2})?)', '\1'
                ),
                    '(?:上午|午前|오전|凌晨|早上|清晨|AM|ÖÖ|de\.) ?(\d{1,2}:\d{2}(?::\d{2})?)', '\1 AM'
                ),
                    '(?:下午|午後|오후|PM|ÖS|du\.|中午 ?(?:1[12]:|1:)|(?:晚上|傍晚) ?(?:[1-9]|1[01]):) ?(\d{1,2}:\d{2}(?::\d{2})?)', '\1 PM'
                ),
                    '(\d) ?(?:π\.? ?μ\.?|ص|SA|fm|ÖÖ)( |$)', '\1 AM\2'
                ),
                    '(\d) ?(?:μ\.? ?μ\.?|م|CH|em|ÖS)( |$)', '\1 PM\2'
                ),
                    '^(\d{4})-?(\d{2})-?(\d{2})[T ](\d{2})(\d{2})(\d{2})([.,]\d+)?( ?(?:Z|[+-]\d{2}:?(?:\d{2})?))?$', '\1-\2-\3 \4:\5:\6\7\8'
                ),
                    '^(\d{4})-?(\d{2})-?(\d{2})[T ](\d{2})(\d{2})?( ?(?:Z|[+-]\d{2}:?(?:\d{2})?))?$', '\1-\2-\3 \4:\5\6'
                ),
                    ' (\d{2}):(Z|[+-]\d{2}:?(?:\d{2})?|$)', ' \1:00\2'
                ),
                    ' ?(?:GMT|UTC|UT) ?([+-]\d)', ' \1'
                ),
                    '^(?:[' || cells.letters() || ']{2,}\.?,? )?([' || cells.letters() || ']{3}) (\d{1,2}) (\d{1,2}:\d{2}:\d{2}) ?([A-Z]{2,5} |[+-]\d{4} )?(\d{4})$', '\2 \1 \5 \3 \4'
                ),
                    '^[' || cells.letters() || ']{2,}\.?,? ?(\d{1,4}[ ./-])', '\1'
                ),
                    '(:\d{2}),(\d{1,9})( |Z|[+-]|$)', '\1.\2\3'
                ),
                    '^(\d{4}) ?[/-] ?(\d{1,2}) ?[/-] ?(\d{1,2}) +', '\1-\2-\3 '
                )
            )
    end;

-- minutes before UTC of an offset: +0100, +01:00, +1, Z
create or replace macro cells.offset_minutes(x) as
    case
        when lower(x) = 'z' then 0
        else
            (case when starts_with(x, '-') then -1 else 1 end)
            * (
                60 * cast(regexp_extract(x, '^[+-](\d{1,2})', 1) as integer)
                + coalesce(try_cast(regexp_extract(x, '^[+-]\d{1,2}:?(\d{2})$', 1) as integer), 0)
            )
    end;

-- a text of a moment -> its parts: what a clock shows (or the day alone), and of its zone the offset or letters
create or replace macro cells.parts_of_time(x) as
    regexp_extract(
        x,
        '^(.*:\d{2}(?:[.:]\d+)*(?: ?[AaPp]\.?[Mm]\.?)?) ?(?:(Z|z|[+-]\d{1,2}(?::?\d{2})?)|([A-Za-z]{2,5}))?$|^([^:]*)$',
        ['clock', 'offset', 'letters', 'day']
    );

-- a moment that a clock of that zone shows, as UTC
create or replace macro cells.in_zone(moment, parts, zone) as
    list_transform(
        list_transform([moment], lambda clock: case
            when parts.offset <> '' then clock - to_minutes(cells.offset_minutes(parts.offset))
            when parts.letters <> '' then clock - to_minutes(cells.zone_minutes(parts.letters))
            else cells.to_utc(clock, zone)
        end),
        lambda utc: cells.plausible(utc)
    )[1];

-- whatever is clear without asking, in these ways too; few files need them, and they take long
create or replace macro cells.spoken_time(x, zone) as
    coalesce(
        cells.iso_time(x, zone),
        list_transform(
            list_transform([cells.plainly(x)], lambda text: cells.parts_of_time(text)),
            lambda parts: cells.in_zone(
                list_transform([parts.clock || parts.day], lambda text: cells.clear_time(text, 'UTC'))[1], parts, zone
            )
        )[1]
    );

create or replace macro cells.spoken_dmy_time(x, zone) as
    coalesce(
        cells.iso_time(x, zone),
        list_transform(
            list_transform([cells.plainly(x)], lambda text: cells.parts_of_time(text)),
            lambda parts: cells.in_zone(
                list_transform([parts.clock || parts.day], lambda text: cells.dmy_time(text, 'UTC'))[1], parts, zone
            )
        )[1]
    );

create or replace macro cells.spoken_mdy_time(x, zone) as
    coalesce(
        cells.iso_time(x, zone),
        list_transform(
            list_transform([cells.plainly(x)], lambda text: cells.parts_of_time(text)),
            lambda parts: cells.in_zone(
                list_transform([parts.clock || parts.day], lambda text: cells.mdy_time(text, 'UTC'))[1], parts, zone
            )
        )[1]
    );

-- 46027.5, and 46027,5 of a spreadsheet with decimal commas
create or replace macro cells.day_number(x) as
    coalesce(try_cast(x as double), try_cast(replace(nullif(regexp_extract(x, '^\d{5},\d+$'), ''), ',', '.') as double));

-- days since 30 December 1899, as spreadsheets count: 46027 = 2026-01-05, 46042.5 = 2026-01-20 12:00
create or replace macro cells.serial_time(x, zone) as
    coalesce(
        cells.iso_time(x, zone),
        case
            when cells.day_number(x) between 25569 and 73050
                then cells.to_utc(
                    timestamp '1899-12-30' + to_seconds(round(cells.day_number(x) * 86400)::bigint), zone
                )
        end
    );

-- the same where the workbook counts from 1 January 1904
create or replace macro cells.serial_1904_time(x, zone) as
    coalesce(
        cells.iso_time(x, zone),
        case
            when cells.day_number(x) between 24107 and 71588
                then cells.to_utc(
                    timestamp '1904-01-01' + to_seconds(round(cells.day_number(x) * 86400)::bigint), zone
                )
        end
    );

-- seconds, milliseconds or microseconds since 1970, always UTC
-- (202601050930 is a day and a time of day)
create or replace macro cells.is_epoch(x) as
    regexp_full_match(x, '\d{9,10}(\.\d+)?|\d{12,13}(\.0+)?|\d{15,16}')
    and not regexp_full_match(x, '20\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])([01]\d|2[0-3])[0-5]\d');
create or replace macro cells.epoch_time(x, zone) as
    coalesce(
        cells.iso_time(x, zone),
        case
            when cells.is_epoch(x)
                then cells.plausible(make_timestamp(round(
                    try_cast(x as double)
                    * case when strpos(x || '.', '.') > 14 then 1 when strpos(x || '.', '.') > 11 then 1000 else 1000000 end
                )::bigint))
        end
    );

-- plain numbers: 1250, 1250.50, -3, 1e3
create or replace macro cells.plain_number(x) as
    case when isfinite(try_cast(x as double)) and not contains(x, '_') then try_cast(x as double) end;

-- An amount with what multiplies it apart from its currency, and behind it: 12 TEUR, 1,5 M€, K€ 300 and 5 MIO EUR are
-- 12 tsd EUR, 1,5 M €, 300 K € and 5 mIO EUR: no word for millions may be taken for a currency of three capital letters
-- (TSD is none). Thousands are T only before a currency: 12 t may be tons.
create or replace macro cells.worded_amount(x) as
    regexp_replace(
        regexp_replace(
            regexp_replace(
                regexp_replace(
                    x,
                    '^([(+-]?)(T|[Kk]|MM?|[Mm]io|MIO|[Mm]ln|MLN|[Mm]rd|MRD|Tsd|TSD|Bn|BN|B)\.? ?(€|£|[$]|US[$]|[A-Z]{3}) ?(\d[^' || cells.letters() || ']*)$',
                    '\1\4 \2 \3'
                ),
                '(\d[.,]?\s*)M(IO|LN|RD|LD|IL)\b', '\1m\2'
            ),
            '(\d[.,]?)\s*([KkMmTtBb]|[Mm]{2}|[Mm]n|MN|[Bb]n|BN|(?i:mio|mln|mrd|mld|tsd))\.? ?(\p{Sc}|(?:US|CA?|AU?|NZ|HK|S|R)[$]|[A-Z]{3}|eur|usd|gbp|chf|kr\.?|zł)([)-]?)$',
            '\1 \2 \3\4'
        ),
        '(\d[.,]?)\s*(?:TSD\b| [Tt] )', '\1 tsd '
    );

-- signs and short names of currencies beside an amount, as they stand without spaces
create or replace macro cells.currency_signs() as
    '(?:US|CA?|AU?|NZ|HK|SG?|R|MX|NT|RD|CL|CO|AR)[$]|(?:JP|CN|E|GH)?\p{Sc}|(?i:s?fr\.|kr\.?|zł|zl|kč\.?|kc|ft|lei|rs\.?|rp\.?|rm'
    || '|s/\.?|bs\.?|k?sh\.?|tl|kn|din\.?|руб(?:\.|ля|лей|ль)?|р\.?|₽\.?|грн\.?|лв\.?|ден\.?|円|元|圆|원|eur(?:os?)?|usd|gbp|chf|ден\.?)|R';

-- '1.250,-' says that there are no cents
create or replace macro cells.unspaced_number(x) as
    regexp_replace(
        regexp_replace(
            regexp_replace(
                replace(cells.worded_amount(x), '−', '-'), '(\d)([.,]) ?[-–—]{1,2}([^\d]*)$', '\1\20\3'
            ),
            '[[:space:]\x{00A0}\x{202F}\x{2009}\x{2007}''’]', '', 'g'
        ),
        '^([(-]?)(?:[A-Z]{3})?(?:' || cells.currency_signs() || ')?|(?:(?:' || cells.currency_signs() || '|%)(?:[A-Z]{3})?|[A-Z]{3})([)-]?)$',
        '\1\2', 'g'
    );

-- a number without what surrounds it: currency signs and codes, spaces of all kinds, a percent sign;
-- (1,234) and 1,234- are negative
create or replace macro cells.bare_number(x) as
    list_transform(
        [cells.unspaced_number(x)],
        lambda bare: case
            when regexp_full_match(bare, '\(.*\)|[^-]+-') then '-' || regexp_replace(bare, '[()-]', '', 'g')
            else bare
        end
    )[1];

-- the currency that an amount names, by code or by a sign that means only one; '$', '¥', 'kr' and '₨' stay as they are
create or replace macro cells.currency_of(x) as
    coalesce(
        nullif(regexp_extract(cells.worded_amount(x), '(?:^|[^[:alpha:]])([A-Z]{3})(?:[^[:alpha:]]|$)', 1), ''),
        map {
            '€': 'EUR', '£': 'GBP', 'us$': 'USD', 'r$': 'BRL', 'a$': 'AUD', 'au$': 'AUD', 'c$': 'CAD', 'ca$': 'CAD',
            'nz$': 'NZD', 'hk$': 'HKD', 's$': 'SGD', 'sg$': 'SGD', 'mx$': 'MXN', 'nt$': 'TWD', 'rd$': 'DOP', 'cl$': 'CLP',
            'co$': 'COP', 'ar$': 'ARS', 'jp¥': 'JPY', 'cn¥': 'CNY', 'zł': 'PLN', 'zl': 'PLN', 'kč': 'CZK', 'kc': 'CZK',
            'ft': 'HUF', 'lei': 'RON', 'fr': 'CHF', 'sfr': 'CHF', '₹': 'INR', '₺': 'TRY', 'tl': 'TRY', '₪': 'ILS', '₩': 'KRW',
            '원': 'KRW', '₽': 'RUB', 'руб': 'RUB', 'рубля': 'RUB', 'рублей': 'RUB', 'рубль': 'RUB', 'р': 'RUB', '₴': 'UAH',
            'грн': 'UAH', '₫': 'VND', '₱': 'PHP', '฿': 'THB', '₦': 'NGN', '₸': 'KZT', '₾': 'GEL', '₼': 'AZN', '֏': 'AMD',
            '₭': 'LAK', '₮': 'MNT', '៛': 'KHR', '৳': 'BDT', '₡': 'CRC', '₲': 'PYG', '₿': 'BTC', '₵': 'GHS', 'gh₵': 'GHS',
            'e£': 'EGP', '円': 'JPY', '元': 'CNY', '圆': 'CNY', 'лв': 'BGN', 'ден': 'MKD', 'kn': 'HRK', 'din': 'RSD', 'rp': 'IDR',
            'rm': 'MYR', 's/': 'PEN', 'bs': 'BOB', 'ksh': 'KES', 'r': 'ZAR', 'eur': 'EUR', 'euro': 'EUR', 'euros': 'EUR',
            'usd': 'USD', 'gbp': 'GBP', 'chf': 'CHF', '$': '$', '¥': '¥', '￥': '¥', 'kr': 'kr', '₨': '₨', 'rs': '₨',
            '﷼': '﷼', 'sh': 'Sh'
        }[
            rtrim(lower(regexp_extract(
                cells.worded_amount(x),
                '(?:^|[^' || cells.letters() || '\p{Sc}])(' || cells.currency_signs() || ')(?:$|[^' || cells.letters() || '\p{Sc}])', 1
            )), '.')
        ]
    );

-- a currency as its code, whatever it is called: usd, €, Euro, US dollars; `dollar` is what '$' alone means
create or replace macro cells.currency_code(x, dollar) as
    list_transform(
        [
            case
                when strlen(x) = 3 and length(x) = 3
                    then case upper(x)
                        when 'RMB' then 'CNY' when 'CNH' then 'CNY' when 'NIS' then 'ILS' when 'LEI' then 'RON' else upper(x)
                    end
                when x is null then null
                else
                    coalesce(
                        map {
                            'euro': 'EUR', 'euros': 'EUR', 'us dollar': 'USD', 'us dollars': 'USD', 'u.s. dollar': 'USD',
                            'dollar': '$', 'dollars': '$', 'pound sterling': 'GBP', 'british pound': 'GBP', 'pounds': 'GBP',
                            'swiss franc': 'CHF', 'japanese yen': 'JPY', 'yen': 'JPY', 'canadian dollar': 'CAD',
                            'australian dollar': 'AUD', 'indian rupee': 'INR'
                        }[lower(x)],
                        cells.currency_of(x),
                        upper(x)
                    )
            end
        ],
        lambda code: case when code = '$' then dollar else code end
    )[1];

-- what a word behind a number multiplies it by: 342.09K, 1,5 Mio., 12 T€, 3億; NULL where none stands there
create or replace macro cells.scale_of(x) as
    map {
        'k': 1e3, 'tsd': 1e3, 'tausend': 1e3, 'thousand': 1e3, 'mil': 1e3, 'mille': 1e3, 'тыс': 1e3, 'tys': 1e3, 'tis': 1e3,
        '千': 1e3, '万': 1e4, '萬': 1e4, '만': 1e4, 'lakh': 1e5, 'lac': 1e5, 'lakhs': 1e5, 'm': 1e6, 'mm': 1e6, 'mn': 1e6,
        'mio': 1e6, 'mln': 1e6, 'million': 1e6, 'millions': 1e6, 'millionen': 1e6, 'millones': 1e6, 'milhões': 1e6,
        'milioni': 1e6, 'млн': 1e6, '百万': 1e6, 'crore': 1e7, 'cr': 1e7, 'crores': 1e7, '億': 1e8, '亿': 1e8, '억': 1e8,
        'b': 1e9, 'bn': 1e9, 'mrd': 1e9, 'mld': 1e9, 'billion': 1e9, 'billions': 1e9, 'milliarden': 1e9, 'milliards': 1e9,
        'млрд': 1e9, 'bln': 1e9
    }[regexp_extract(lower(cells.unspaced_number(x)), '^[^' || cells.letters() || ']*\d[.,]?([' || cells.letters() || ']+)\.?$', 1)];

create or replace macro cells.unscaled(x) as
    regexp_replace(cells.worded_amount(x), '(\d)\s*[' || cells.letters() || ']+\.?(\s*(\p{Sc}|[A-Z]{1,2}\p{Sc}|[A-Z]{3}|kr\.?|zł|Kč|Ft|lei|Fr\.|eur|usd|gbp|chf|руб\.?|р\.?|грн\.?|TL|円|元|원)?\s*)$', '\1\2');

-- decimal point, commas between thousands: 1,234.50, USD 1,234.00, (12.5)
create or replace macro cells.pointed(x) as
    list_transform(
        [cells.bare_number(x)],
        lambda bare: case
            when regexp_full_match(bare, '[+-]?(\d+|[1-9]\d{0,2}(,\d{2,3})*,\d{3})?(\.\d*)?([eE][+-]?\d+)?')
                then cells.plain_number(replace(bare, ',', ''))
        end
    )[1];

-- decimal comma, points between thousands: 1.234,50, 1 234,50 €, -50,00
create or replace macro cells.commaed(x) as
    list_transform(
        [cells.bare_number(x)],
        lambda bare: case
            when regexp_full_match(bare, '[+-]?(\d+|[1-9]\d{0,2}(\.\d{3})+)?(,\d*)?')
                then cells.plain_number(replace(replace(bare, '.', ''), ',', '.'))
        end
    )[1];

-- the same with a word for thousands or millions behind it
create or replace macro cells.point_number(x) as
    coalesce(cells.pointed(x), round(cells.pointed(cells.unscaled(x)) * cells.scale_of(x), 6));

create or replace macro cells.comma_number(x) as
    coalesce(cells.commaed(x), round(cells.commaed(cells.unscaled(x)) * cells.scale_of(x), 6));

-- seconds of a duration: 1:30:00, 26:15:00, 1 day, 2:00:00, PT1H30M, 2h 5m, 1 Std. 5 Min., 90 s. What has two parts alone,
-- 1:30, is hours and minutes where `are_hours` says so, else minutes and seconds.
create or replace macro cells.clock_seconds(parts, are_hours) as
    coalesce(try_cast(nullif(parts.d, '') as double), 0) * 86400
    + case
        when parts.s <> '' then try_cast(parts.h as double) * 3600 + try_cast(parts.m as double) * 60
            + try_cast(replace(parts.s, ',', '.') as double)
        when are_hours then try_cast(parts.h as double) * 3600 + try_cast(parts.m as double) * 60
        else try_cast(parts.h as double) * 60 + try_cast(parts.m as double)
    end;

create or replace macro cells.unit_seconds(parts) as
    coalesce(try_cast(replace(nullif(parts.w, ''), ',', '.') as double), 0) * 604800
    + coalesce(try_cast(replace(nullif(parts.d, ''), ',', '.') as double), 0) * 86400
    + coalesce(try_cast(replace(nullif(parts.h, ''), ',', '.') as double), 0) * 3600
    + coalesce(try_cast(replace(nullif(parts.m, ''), ',', '.') as double), 0) * 60
    + coalesce(try_cast(replace(nullif(parts.s, ''), ',', '.') as double), 0);

create or replace macro cells.duration_seconds(x, are_hours) as
    case
        when regexp_full_match(x, '(\d+(\.| days?,?| d,?| Tage?,?) ?)?\d+:[0-5]\d(:[0-5]\d([.,]\d+)?)?')
            then cells.clock_seconds(
                regexp_extract(x, '^(?:(\d+)(?:\.| days?,?| d,?| Tage?,?) ?)?(\d+):(\d\d)(?::(\d\d(?:[.,]\d+)?))?$', ['d', 'h', 'm', 's']),
                are_hours
            )
        when regexp_full_match(x, 'P(\d+W|(\d+D)?(T(\d+(\.\d+)?H)?(\d+(\.\d+)?M)?(\d+(\.\d+)?S)?)?)') and length(x) > 2
            then cells.unit_seconds(
                regexp_extract(x, '^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:([\d.]+)H)?(?:([\d.]+)M)?(?:([\d.]+)S)?)?$', ['w', 'd', 'h', 'm', 's'])
            )
        when regexp_matches(x, '^\d')
            then nullif(cells.unit_seconds(
                regexp_extract(
                    lower(x),
                    '^(?:([\d.,]+) ?(?:w|wk|wks|weeks?|wochen?|semaines?|semanas?)\.?,? ?)?'
                    || '(?:([\d.,]+) ?(?:d|days?|tage?n?|jours?|días?|dias?|giorni|dni)\.?,? ?(?:and |und |et |y )?)?'
                    || '(?:([\d.,]+) ?(?:h|hrs?|hours?|std|stunden?|heures?|horas?|ore|godz)\.?,? ?(?:and |und |et |y )?)?'
                    || '(?:([\d.,]+) ?(?:m|mins?|minutes?|minuten?|minutos?|minuti)\.?,? ?(?:and |und |et |y )?)?'
                    || '(?:([\d.,]+) ?(?:s|secs?|seconds?|sek|sekunden?|secondes?|segundos?|secondi)\.?)?$',
                    ['w', 'd', 'h', 'm', 's']
                )
            ), 0)
    end;

-- a share: 12.5% and 12,5 % are 0.125 (no rate needs a separator between thousands); a bare number times the scale
create or replace macro cells.rate(x, scale) as
    (case when contains(x, ',') then cells.comma_number(x) else cells.point_number(x) end)
    * (case when contains(x, '%') then 0.01 else scale end);

create or replace macro cells.boolean(x) as
    case
        when list_contains([
            'yes', 'y', 'true', 't', '1', 'on', 'checked', 'ja', 'j', 'wahr', 'oui', 'vrai', 'sí', 'sì', 'si', 's', 'verdadero',
            'sim', 'verdadeiro', 'vero', 'waar', 'x', '✓', '✔', '1.0'
        ], cells.word(x))
            then true
        when list_contains([
            'no', 'n', 'false', 'f', '0', 'off', 'unchecked', 'nein', 'falsch', 'non', 'faux', 'falso', 'não', 'nao', 'nee',
            'onwaar', '✗', '✘', '0.0'
        ], cells.word(x))
            then false
    end;

-- a word or a sentence that is kept to be shown: an address is a pseudonym, one inside a sentence is masked, and so is a number
-- that is surely a person's
create or replace macro cells.discreet(x, salt) as
    case
        when
            not contains(x, '@') and not contains(x, '+')
            and (strlen(x) < 10 or not regexp_matches(x, '[0-9][ ().-]?[0-9][ ().-]?[0-9]|＠|%40'))
            then x
        when cells.is_address(x) then cells.pseudonym_of(x, salt)
        else regexp_replace(cells.without_mail(cells.without_card(x)), cells.sure_number(), '[phone]', 'g')
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
                'v': case when entry[3] then cells.pseudonym_of(entry[2], salt) else cells.discreet(entry[2], salt) end
            }
        )
    );

-- an identity without what tools add to it or take away: signs around it, capital letters, zeros before it, '.0' behind
-- it, the last three of a Salesforce id's 18 characters. Only for evidence: identities that are alike are not the same.
-- Most are letters and figures with dashes between them, of which nothing has to be searched for
create or replace macro cells.bare_identity(text) as
    case
        when strlen(text) <> 18 and regexp_full_match(text, '[0-9A-Za-z]+')
            then case when starts_with(text, '0') then ltrim(lower(text), '0') else lower(text) end
        when strlen(text) <> 18 and regexp_full_match(text, '[0-9A-Za-z]+(?:[-_][0-9A-Za-z]+)*')
            then case when starts_with(text, '0') then ltrim(lower(replace(replace(text, '-', ''), '_', '')), '0') else lower(replace(replace(text, '-', ''), '_', '')) end
        else ltrim(
            regexp_replace(
                regexp_replace(
                    regexp_replace(lower(text), '^[^' || cells.signs() || ']*([0-9a-z]{15})[0-9a-z]{3}[^' || cells.signs() || ']*$', '\1'),
                    '[.,]0{1,2}[^' || cells.signs() || ']*$', ''
                ),
                '[^' || cells.signs() || ']', '', 'g'
            ),
            '0'
        )
    end;

-- the number of a bare identity that has a few letters before it, l1 or lead17; NULL of any other
create or replace macro cells.number_behind_letters(bare) as
    nullif(ltrim(regexp_extract(bare, '^[a-z]{1,8}([0-9]+)$', 1), '0'), '');

-- how an identity is written: whether zeros lead it, how long it is where that tells systems' own from people's, and in
-- which order letters, figures and signs come
create or replace macro cells.way_of_writing(text) as
    concat_ws(
        ' ',
        starts_with(text, '0'),
        case when strlen(text) >= 15 then strlen(text) end,
        regexp_replace(regexp_replace(regexp_replace(text, '[A-Z]+', 'A', 'g'), '[a-z]+', 'a', 'g'), '[0-9]+', '9', 'g')
    );

-- whether a flag, or the moment of it, says that a row is deleted at its source
create or replace macro cells.is_deleted(x) as
    coalesce(cells.boolean(cells.known(x)), false)
    or (regexp_matches(x, '^[^0-9]*[0-9]{1,4}[./-][0-9]{1,2}[./-][0-9]{1,4}') and not cells.is_filler(trim(x)));

-- whether a cell names the row that its own has become: no blank, and no yes or no
create or replace macro cells.names_another(x) as
    cells.known(x) is not null
    and (cells.boolean(cells.known(x)) is null or regexp_matches(x, '[0-9]'))
    and not cells.is_filler(trim(x));

-- by how much a sum may differ from what it is said to be: an amount without cents may be rounded, to tens or hundreds too, but by
-- no more than a fiftieth of it
create or replace macro cells.tolerance(amount) as
    greatest(
        0.02,
        0.001 * abs(amount),
        least(
            0.02 * abs(amount),
            case
                when amount % 100 = 0 then 50
                when amount % 10 = 0 then 5
                when amount % 1 = 0 then 0.5
                else 0
            end
        )
    );
