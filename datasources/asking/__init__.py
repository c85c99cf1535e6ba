"""How upstreams are asked over HTTP: requests as values, who asks, tokens, signatures."""
