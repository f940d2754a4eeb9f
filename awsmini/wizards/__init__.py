"""Wizards: something is made by answering questions. What is asked and made is data, in `data/wizards/*.yaml`.

definition (the file) → walk (answers, back and forth) → template (answers filled in) → steps (the calls)

`preview` shows the steps as commands or as a template of CloudFormation. All of this is pure: what touches AWS, the
disk or the configuration is a `World`. Two front ends ask the questions: `screen` on a whole terminal, `lines` line by
line.
"""
