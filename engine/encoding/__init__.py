"""From YAML to the vocabulary: nodes with places, instruments, rule files, contacts, the schema."""
