"""Use cases: one public function, one transaction; verbs, actor first."""
