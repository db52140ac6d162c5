exec(open('/tmp/h/me/edit1.py').read().split("sub('metrics/declared/declaration.py'")[0])
sub('tests/metrics/agreement/test_catalog.py',('    "brand_recognition",\n','    "brand_recognition",\n    "brand_coherence",\n'),('units |= {"value": "money", "ratio": "money"}','units |= {"value": "money", "ratio": "money", "pairs": "share"}'))
sub('tests/metrics/test_brand.py',('    assert [(one.field, round(one.share, 1), one.share_before) for one in lacking] == [("asked", 0.5, 0.0)]','    assert {(one.field, round(one.share, 1), one.share_before) for one in lacking} == {("asked", 0.5, 0.0)}'))
sub('docs/charter.md',
("without a positioning whatever they name counts. |\n","""without a positioning whatever they name counts. |
| `brand_coherence` | Chance that two accounts that were asked in the same week what the brand stands for name the same promise first; who can't say, or names another, matches nobody, and an account counts once a week. |
"""),
("where they are as many, who coded first is believed. |\n","""where they are as many, who coded first is believed. |
| `same_first` | `template: codes` and `of_different`, the column of the conversations that says whose they are: of the accounts that were asked in a week, the share of pairs that name the same promise first. An account with several conversations in a week stands for one of them drawn at random. Weeks count by how much they tell; accounts that come again and again tell less, so that the interval is the one that a bootstrap over accounts gives. Conversations without an account are left out, and told. |
"""))
sub('metrics/agreement/metric_form.py',()) if False else None
s=open('CHANGELOG.md').read()
i=s.index("- **Who made what, after which brief.**")
print(s[:1500])
