"""Tables, facts, the hash chain, the texts behind every hash, and the migrations."""
