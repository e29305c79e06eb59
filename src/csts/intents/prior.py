"""What is believed of an answer before anything was tried on the desk's own questions: weights of confidence.

Fitted by `python -m bench.prior` with its defaults, on 150 desks of 1 to 20 topics with 0 to 10 examples, cut out of
the training part of Banking77 (Casanueva et al., "Efficient Intent Detection with Dual Sentence Encoders", 2020).
In the order of the signals in `confidence`, then the constant. Those by meaning were fitted with all-MiniLM-L6-v2.
"""

SCOPE = (-0.1, 5.1, -1.36, 7.32, 0.17, 1.48, 1.56, -0.48, -1.03, 2.4, -1.35, -2.09, 2.27, -7.2)
RIGHT = (0.36, 0.63, -0.81, 1.96, -1.14, 5.53, -0.12, -0.54)
SCOPE_BY_MEANING = (
    *(-0.86, 2.05, -0.63, 1.51, -0.04, -0.14, 0.3, -0.15, 2.26, 2.28, -1.43, 0.9, -2.54),
    *(5.42, 6.77, -8.18),
)
RIGHT_BY_MEANING = (0.77, -0.31, -0.89, 0.26, -0.81, 1.84, -0.11, 1.81, 7.22, -1.16)
