"""What is true: the rules and use cases of Engage, free of frameworks and of I/O."""
