"""Expressions over values: JMESPath, and the plain paths of it that need no library."""
