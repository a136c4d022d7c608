"""The playground: a conversation with exactly the model, key and host that a preset names.

`asking` sends and streams, `attaching` takes files, `records` keeps and finds conversations, `exporting` writes them.
"""
