"""`awsmini ddb`: the items of DynamoDB's tables as YAML, with the values that they mean instead of their types.

    put: YAML → items → typed values → PutItem or BatchWriteItem
    select: expressions → Query or Scan → values → YAML

`tokens` and `expressions` read the text of conditions and projections, `values` knows DynamoDB's types, `items` reads
YAML and `shown` writes it. There is no model of that name, so that the commands stand at the root.
"""
