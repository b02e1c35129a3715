"""The Buildpack API's nouns as small types: inputs read once, outputs written once.

Names and rules are those of the buildpack interface specification, API 0.10.
"""
