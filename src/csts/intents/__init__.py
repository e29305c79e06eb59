"""Which topic a question is about, and how sure that is: pure text, that knows no ticket and no database.

`training` needs scikit-learn and belongs into a process of its own; `model` and `storage`, which answer, do not.
"""
