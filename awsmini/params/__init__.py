"""Text to parameters: what the words of a command line mean for the API call.

    table = argument_table(operation, command)           # awsmini.params.arguments
    parsed = parse_operation(words, table)               # awsmini.commandline.parser: values by Argument.dest
    built = gather(operation, table, parsed.values, context, paginate=True)
                                                         # awsmini.params.build -> Built(params, paginate, values)
    params = finish(operation, built.params, context)    # the same; what the configuration has a say in

`gather` checks options that exclude each other, and reads `file://`, shorthand, JSON, `--cli-input-json|yaml`, paging
options (`params["PaginationConfig"]`) and whether automatic paging stays on; `finish` decodes blobs; both know the
differences of single operations. `input_skeleton(operation, "input" | "yaml-input")`
and `output_skeleton(operation)` are in `awsmini.params.skeleton`; `validate(shape, params)` in
`awsmini.params.validate`.

Everything that reads a file, standard input or writes a warning goes through `Context` (`awsmini.params.context`).
"""
