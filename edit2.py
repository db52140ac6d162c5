import sys; sys.argv
exec(open('/tmp/h/me/edit1.py').read().split("sub('metrics/declared/declaration.py'")[0])
sub('metrics/breakdowns.py',("return Unsplit(outcome, dimension, counted.metric.sources[0])",'return Unsplit(outcome, dimension, "")'))
sub('metrics/findings.py',('''    """A mean, a sum or a sum for each that can't be told by segment, since rows that it rests on carry none."""

    label: str
    dimension: str
    template: str
''','''    """A mean, a sum or a sum for each that can't be told by segment, since rows that it rests on carry none; or pairs."""

    label: str
    dimension: str
    template: str
    """'' of pairs"""
'''))
sub('dashboard/words/findings.py',('''            label, rows = within_a_sentence(fact.label), kind_words(fact.template)
            return f"{_capital(label)} can't be split by {fact.dimension}: its rows of {rows} have none."
''','''            cannot = f"{_capital(within_a_sentence(fact.label))} can't be split by {fact.dimension}"
            if not fact.template:
                return f"{cannot}: the two of a pair may differ in it."
            return f"{cannot}: its rows of {kind_words(fact.template)} have none."
'''))
sub('tests/metrics/test_brand.py',
('from leadline.metrics.agreement.charter import parse_charter\n','from leadline.metrics.agreement.charter import parse_charter\nfrom leadline.metrics.brand import answers\n'),
('''def test_fewer_who_name_a_promise_are''','''def test_an_account_counts_once_a_week_and_matches_by_what_most_coders_found_first(warehouse: Warehouse) -> None:
    codes = {
        "A": [("Ann", "yes", "One source")],
        "B": [("Ann", "yes", "fair-price; one-source")],
        "B2": [("Ann", "yes", "one-source")],
        "C": [("Ann", "yes", "cannot say")],
        "D": [("Ann", "yes", "cannot say"), ("Bo", "yes", "one_source"), ("Cy", "yes", "one-source")],
        "E": [("Ann", "no", ""), ("Bo", "yes", "one-source")],  # not asked: who coded first is believed
        "": [("Ann", "yes", "one-source")],  # nobody knows whose
    }
    _land(
        warehouse,
        [f"{name or 'Z'},2024-01-03,{name[:1]},We like it,brand" for name in codes],
        [
            f"{name or 'Z'},{coder},2024-01-{9 + at:02},{asked},{first},"
            for name, marked in codes.items()
            for at, (coder, asked, first) in enumerate(marked)
        ],
    )
    metric = load_catalog(None)["brand_coherence"]
    bound = replace(metric, declaration=in_charter(metric.declaration, ("one-source", "fair_price")))
    counted = answers(warehouse, bound, "brand", Calendar(FIRST, 2))
    assert counted.accounts.tolist() == [4, 0]
    # A and D match; each of them half with B, whose two conversations differ; C matches nobody
    assert counted.matching[0] == pytest.approx((1 + 0.5 + 0.5) / 6)


def test_fewer_who_name_a_promise_are'''),
('''    for workflow, names_later, asked_later in (("brand", 2, 20), ("mute", 7, 10)):
''','''    for workflow, names_later, asked_later in (("brand", 2, 20), ("mute", 7, 10), ("split", 7, 20)):
'''),
('''                first = "one-source" if (n + week) % 10 < (names_later if later else 7) else "cannot say"
''','''                promise = "fair price" if workflow == "split" and later and n % 2 else "one-source"
                first = promise if (n + week) % 10 < (names_later if later else 7) else "cannot say"
'''),
('''        charter = CHARTER.replace("workflow: brand", f"workflow: {workflow}")
''','''        charter = CHARTER.replace("workflow: brand", f"workflow: {workflow}")
        charter = charter.replace("[brand_recognition]", "[brand_recognition, brand_coherence]")
'''),
('''    brand, mute = sorted(told.workflows, key=lambda one: one.workflow)
''','''    brand, mute, split = sorted(told.workflows, key=lambda one: one.workflow)
    assert {pair.outcome: pair.verdict for pair in split.pairs} == {
        "brand_recognition": "aligned",
        "brand_coherence": "declining",
    }
    assert "two buyers name the same promise" in headline(split, load_catalog(warehouse.workspace))
'''),
('from leadline.dashboard.words.findings import fact_words\n','from leadline.dashboard.words.findings import fact_words\nfrom leadline.dashboard.words.verdicts import headline\n'),
)
