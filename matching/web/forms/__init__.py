"""Forms: the shape of an input. They receive their choices and never query."""
