import pathlib
def sub(path, *pairs):
    p=pathlib.Path(path); s=p.read_text()
    for a,b in pairs:
        assert a in s, (path,a)
        s=s.replace(a,b,1)
    p.write_text(s)
sub('metrics/declared/declaration.py',
("Named     conversations in whose codes an agreed promise is named, of those in which buyers were asked\n",
 "Named     conversations in whose codes an agreed promise is named, of those in which buyers were asked\nSameFirst pairs of those who were asked in a week, of which some name the same promise first\n"),
("""Declaration = Share | ValuePerUnit | Count | Mean | Duration | Sum | Ratio | Named
""","""@dataclass(frozen=True)
class SameFirst:
    of: Rows
    codes: Rows
    whose: str
    \"\"\"the column that says whose answer it is; one of them counts once a week\"\"\"
    promises: tuple[str, ...] = ()
    \"\"\"as of `Named`\"\"\"


Declaration = Share | ValuePerUnit | Count | Mean | Duration | Sum | Ratio | Named | SameFirst
"""),
("    return replace(declaration, promises=promises) if isinstance(declaration, Named) else declaration\n",
 "    if isinstance(declaration, Named | SameFirst):\n        return replace(declaration, promises=promises)\n    return declaration\n"),
("""        case Share(of, Rows() as event) | ValuePerUnit(of, event) | Named(of, event):
            return of.template, event.template
""","""        case Share(of, Rows() as event) | ValuePerUnit(of, event) | Named(of, event) | SameFirst(of, event):
            return of.template, event.template
"""),
("""        case Share(of, Rows() as event) | ValuePerUnit(of, event) | Named(of, event):
            return {of: None, event: of}
""","""        case Share(of, Rows() as event) | ValuePerUnit(of, event) | Named(of, event) | SameFirst(of, event):
            return {of: None, event: of}
"""),
("        case Mean() | Sum() | Named():\n","        case Mean() | Sum() | Named() | SameFirst():\n"),
)
sub('metrics/declared/question.py',
("    Rows,\n    Share,\n","    Rows,\n    SameFirst,\n    Share,\n"),
("        case Named():\n            return _named(declaration, binding)\n","        case Named():\n            return _named(declaration, binding)\n        case SameFirst():\n            return _same_first(declaration, binding)\n"),
("""    parts = units_of(named.of, binding) | {
        "codes": quote(named.codes.template),
        "coded_at": quote(named.codes.at),
        "link": quote(link(named.codes.template, named.of.template)),
        "codes_where": _where("code", named.codes, binding),
        "first": _as_marked("code." + quote("first")),
        "others": _as_marked("code." + quote("others")),
        "is_named": is_named,
    }
    return _plain("named", parts, "rates", "parent", binding)
""","""    parts = units_of(named.of, binding) | {"coded": _coded(named, binding), "is_named": is_named}
    return _plain("named", parts, "rates", "parent", binding)


def _same_first(same: SameFirst, binding: Binding) -> Asked:
    if same.promises:
        marks = ", ".join(binding.name(as_marked(one)) for one in same.promises)
        promise = f"case when first_named in ({marks}) then first_named else '' end"
    else:
        unnamed = ", ".join(literal(word) for word in UNNAMED)
        promise = f"case when first_named in ({unnamed}) then '' else first_named end"
    parts = units_of(same.of, binding) | {"coded": _coded(same, binding), "promise": promise}
    return _plain("same_first", parts, "rates", "parent", binding)


def _coded(named: Named | SameFirst, binding: Binding) -> str:
    return formed(
        "coded",
        codes=quote(named.codes.template),
        coded_at=quote(named.codes.at),
        link=quote(link(named.codes.template, named.of.template)),
        codes_where=_where("code", named.codes, binding),
        first=_as_marked("code." + quote("first")),
        others=_as_marked("code." + quote("others")),
    )
"""),
)
p=pathlib.Path('metrics/declared/forms/named.sql'); s=p.read_text()
a=s.index("with said as ("); b=s.index("),\nvoted as (")
body=s[a+len("with said as (\n"):b]
import textwrap
p.write_text(s[:a]+"with said as (\n{coded}"+s[b:])
coded="-- one row a code: whether buyers were asked, what is named first and what at all, in spellings that are told apart no more\n"+textwrap.dedent(body).rstrip()+"\n"
coded=coded.replace("{first} as first_named","split_part(coalesce({first}, ''), ';', 1) as first_named")
pathlib.Path('metrics/declared/forms/coded.sql').write_text(coded)
pathlib.Path('metrics/declared/forms/same_first.sql').write_text("""-- one row a segment, week and promise: coded conversations in which buyers were asked, by the promise that they named first, ''
-- where none. Coders who differ are outvoted; where they are as many, who coded first is believed
with said as (
{coded}),
voted as (
    select
        unit_id,
        was_asked,
        {promise} as promise,
        row_number() over (partition by unit_id order by coded_at, coder) as place
    from said
),
asked as (
    select unit_id
    from voted
    group by unit_id
    having sum((case when place = 1 then 3 else 2 end) * (2 * was_asked - 1)) > 0
),
counted as (
    select voted.unit_id, voted.promise, count(*) as votes, min(voted.place) as place
    from voted
    inner join asked on voted.unit_id = asked.unit_id
    where voted.was_asked = 1
    group by voted.unit_id, voted.promise
),
agreed as (
    select unit_id, promise, row_number() over (partition by unit_id order by votes desc, place) as standing
    from counted
)
select
    {segment} as segment,
    cast(date_trunc('week', unit.{at}) as date) as cohort_week,
    agreed.promise,
    count(*) as units
from facts.{template} as unit
inner join agreed on unit.{key} = agreed.unit_id and agreed.standing = 1
where unit.workflow = $workflow and cast(unit.{at} as date) <= $through{where}
group by all
order by all
""")
sub('metrics/declared/reading.py',
('FORMS = ("of", "event", "named", "count",','FORMS = ("of", "event", "named", "same_first", "count",'),
('    given = [key for key in ("count", "sum", "mean", "duration", "event", "named") if entry.has(key)]\n',
 '    given = [key for key in ("count", "sum", "mean", "duration", "event", "named", "same_first") if entry.has(key)]\n'),
("""        return _named(entry.section("named", ("template", "at", "where")), of)
""","""        return _named(entry.section("named", ("template", "at", "where")), of)
    if given == ["same_first"]:
        return _same_first(entry.section("same_first", ("template", "at", "where", "of_different")), of)
"""),
("    Rows,\n    Share,\n","    Rows,\n    SameFirst,\n    Share,\n"),
("def _named(section: Section | None, of: Rows) -> Declaration | None:\n","def _named(section: Section | None, of: Rows) -> Named | None:\n"),
("    return Named(of, codes)\n","""    return Named(of, codes)


def _same_first(section: Section | None, of: Rows) -> Declaration | None:
    named = _named(section, of)
    if section is None or named is None:
        return None
    template = templates()[of.template]
    value = section.get("of_different")
    if value is None:
        section.faults.add(
            section.line, f"{section.name} has no of_different; write the column that says whose answer it is."
        )
        return None
    whose = _column(value, value.text(), template, ("text", "person", "choice"), "a column of words or people")
    return SameFirst(of, named.codes, whose) if whose else None
"""),
)
sub('metrics/agreement/catalog.py',
("    Ratio,\n    Share,\n","    Ratio,\n    SameFirst,\n    Share,\n"),
('Kind = Literal["rate", "duration", "volume", "mean", "value", "sum", "ratio"]','Kind = Literal["rate", "duration", "volume", "mean", "value", "sum", "ratio", "pairs"]'),
("    ratio     such a sum for each of what happens in the week (cost_per_lead)\n","    ratio     such a sum for each of what happens in the week (cost_per_lead)\n    pairs     pairs of those of a week, of which some are alike (brand_coherence)\n"),
("            case Mean():\n                return \"mean\"\n","            case Mean():\n                return \"mean\"\n            case SameFirst():\n                return \"pairs\"\n"),
("""        match self.declaration:
            case Share() | Named():
                return "share"
""","""        match self.declaration:
            case Share() | Named() | SameFirst():
                return "share"
"""),
('        return self.kind != "mean" or self.is_money\n','        return self.kind not in ("mean", "pairs") or self.is_money\n'),
)
sub('metrics/counts/__init__.py',
("import Declaration, Duration, Named, Sum, amounts_of","import (\n    Declaration,\n    Duration,\n    Named,\n    SameFirst,\n    Sum,\n    amounts_of,\n)"),
("    if isinstance(metric.declaration, Named):","    if isinstance(metric.declaration, CODED):"),
("if not isinstance(part.declaration, Named)]","if not isinstance(part.declaration, CODED)]"),
('AMOUNTS = ("units", "amount", "amount_squared")\n','AMOUNTS = ("units", "amount", "amount_squared")\nCODED = Named | SameFirst\n"""of what coders found, of which counts are not kept"""\n'),
)
sub('metrics/measures.py',
("from leadline.metrics.agreement.catalog import Metric\n","from leadline.metrics.agreement.catalog import Metric\nfrom leadline.metrics.brand import coherence_table\n"),
('    if metric.kind == "duration":\n        return DurationMeasure','    if metric.kind == "pairs":\n        pairs = coherence_table(warehouse, metric, workflow, calendar, (span.first, span.last))\n        if metric.role == "outcome":\n            return RatioMeasure.of(metric, pairs, span, reported=reported)\n        return AmountMeasure(metric, pairs.amounts, span)\n    if metric.kind == "duration":\n        return DurationMeasure'),
('    """Kinds \'ratio\' and \'mean\' as outcomes: what happens for each amount, in the week in which it is due (`ratios`).\n',
 '    """Kinds \'ratio\', \'mean\' and \'pairs\' as outcomes: what happens for each amount, in the week in which it is due (`ratios`,\n    `brand`).\n'),
)
sub('metrics/breakdowns.py',
("    model, span, table = counted.model, counted.span, counted.table\n","    model, span, table = counted.model, counted.span, counted.table\n    if counted.metric.kind == \"pairs\":  # two of a pair may be of different segments\n        return Unsplit(outcome, dimension, counted.metric.sources[0])\n"),
)
sub('metrics/checks.py',
('    "asked": ("brand_recognition",),\n','    "asked": ("brand_recognition", "brand_coherence"),\n    "account": ("brand_coherence",),\n'),
('    counted = rows(warehouse, "fitness/missing", values) if wanted != ["asked"] else []\n    counted += rows(warehouse, "fitness/asked", values) if "asked" in wanted else []\n',
 '    counted = rows(warehouse, "fitness/missing", values) if {*wanted} - {*OF_CODES} else []\n    counted += rows(warehouse, "fitness/asked", values) if {*wanted} & {*OF_CODES} else []\n'),
('"""field → how the metrics that need it are counted"""\n','"""field → how the metrics that need it are counted"""\nOF_CODES = ("asked", "account")\n"""fields of coded conversations"""\n'),
)
sub('metrics/findings.py',('"appointment_link", "asked"]','"appointment_link", "asked", "account"]'))
sub('dashboard/words/findings.py',("""        case "deal_link":
            return "won deals lead""","""        case "account":
            return "coded conversations do not say of which account they are: such are left out of every pair"
        case "deal_link":
            return "won deals lead"""))
p=pathlib.Path('metrics/sql/fitness/asked.sql'); s=p.read_text()
a=s.index("select\n    'asked' as field")
s=s[:a].rstrip()
s=s.replace("-- one row a week of conversations and import of their codes: coded conversations, and those in which nobody was asked: by most\n-- coders who mark it; where they are as many, by who coded first",
"-- one row a field, week of conversations and import of their codes: coded conversations, and those in which nobody was asked: by\n-- most coders who mark it, where they are as many by who coded first; of those who were asked, and without an account")
s+=""",
talks as (
    select cast(date_trunc('week', talk.held_at) as date) as week, coded.import_id, coded.was_asked, talk.account
    from facts.conversations as talk
    inner join coded on talk.conversation_id = coded.conversation_id
    where talk.workflow = $workflow and cast(talk.held_at as date) <= $through
)
select 'asked' as field, week, import_id, count(*) as count_rows, sum(1 - was_asked) as count_missing
from talks
group by all
union all
select
    'account' as field,
    week,
    import_id,
    count(*) as count_rows,
    sum(case when account is null then 1 else 0 end) as count_missing
from talks
where was_asked = 1
group by all
order by all
"""
p.write_text(s)
sub('metrics/agreement/catalog.yaml',("""cost_per_lead:
  label""","""brand_coherence:
  label: Brand coherence
  description: >-
    Chance that two accounts that were asked in the same week what the brand stands for name the same promise first; who can't
    say, or names another, matches nobody, and an account counts once a week.
  role: outcome
  of: {template: conversations}
  same_first: {template: codes, of_different: account}
  entity: accounts
  within_weeks: 0
  better_words: two buyers name the same promise {change} more often
  worse_words: two buyers name the same promise {change} less often
  steady_words: two buyers name the same promise as often as before

cost_per_lead:
  label"""))
