exec(open('/tmp/h/me/edit1.py').read().split("sub('metrics/declared/declaration.py'")[0])
sub('metrics/brand.py',('''    table = answers(warehouse, metric, workflow, calendar)
    told = table.told(*baseline)
''','''    return in_pairs(answers(warehouse, metric, workflow, calendar), baseline)


def in_pairs(named: Answers, baseline: tuple[int, int]) -> RatioTable:
    """Answers as a rate of the accounts that gave them, by what each week tells."""
    told = named.told(*baseline)
'''),
('''    in_pairs = np.where(told.weight > 0, told.accounts, 0.0)
    amounts = AmountTable(in_pairs, in_pairs * matching, in_pairs * matching**2, Currencies())
''','''    accounts = np.where(told.weight > 0, told.accounts, 0.0)
    amounts = AmountTable(accounts, accounts * matching, accounts * matching**2, Currencies())
'''))
