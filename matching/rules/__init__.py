"""What the law, the school year and the official registers say: pure functions, codes only."""
