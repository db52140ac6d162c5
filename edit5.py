exec(open('/tmp/h/me/edit1.py').read().split("sub('metrics/declared/declaration.py'")[0])
sub('CHANGELOG.md',("- A number below 0.1 is told","""- `brand_coherence`: how likely two accounts that were asked in the same week name the same promise first, from coded
  conversations (`same_first` in a metric of your own). Judged as every outcome is; accounts that come again and again tell
  less. Fewer who are asked, and conversations without an account, are told as a matter of the data.
- A number below 0.1 is told"""))
