"""What the pages at a desk share, whoever sits there: frame, macros, styles, modules, forms.

Owns how such a page looks and how a form is answered. Refuses to own any page.
"""
