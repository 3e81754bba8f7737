"""Keys, sealed values, blind indexes, query codes, digests and stored files. No models, no clock."""
