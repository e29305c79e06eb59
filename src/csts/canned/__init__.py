"""Canned replies: what agents say again and again, written once; those that also do something are called macros."""
