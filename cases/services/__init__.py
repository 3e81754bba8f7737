"""One public function per act: keyword-only, one transaction, `actor` and `now` as arguments."""
