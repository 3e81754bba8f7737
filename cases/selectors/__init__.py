"""Every read of cases. Lists start from `cases_seen_by`: the fetch is the permission check."""
