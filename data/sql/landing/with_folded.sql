-- beside the version in force: what is known of its row, where that is more than it says itself
left join landed.{folded} as folded on standing.import_id = folded.import_id and standing.line = folded.line
