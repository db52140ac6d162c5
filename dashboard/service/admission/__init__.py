"""Who and what is let in where a workspace is served: hosts, browsers, people, uploads."""
