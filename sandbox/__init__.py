"""The outside world for development and tests: protocol-faithful servers of every vendor, in a process of its own.

Owns: what vendors answer, what they refuse, and how they fail. Refuses to own: anything of the product.
`sandbox` never imports `app`, and `app` never imports `sandbox`: they meet on the wire only.
"""
