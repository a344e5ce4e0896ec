"""Django, graphene-django and django-oauth-toolkit, put together as their documentation shows.

Of all the stacks here this is the one that Pluvo's own API looks most like: `count` beside Relay connections,
`offset`, `lastLogin_Gt`, `JSONString`, a trailing slash on every path.
"""
