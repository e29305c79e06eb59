"""What is believed of an answer before anything was tried on the desk's own questions: weights of confidence.

Fitted by `python -m bench.prior` with its defaults, on 150 desks of 1 to 20 topics with 0 to 10 examples, cut out of
the training part of Banking77 (Casanueva et al., "Efficient Intent Detection with Dual Sentence Encoders", 2020).
In the order of the signals in `confidence`, then the constant. Those by meaning were fitted with all-MiniLM-L6-v2.
"""

SCOPE = (0.85, 3.15, 0.21, 3.14, -2.57, 8.51, -0.02, -2.12, 1.37, 4.42, -4.35, -1.31, 0.2, -3.87)
RIGHT = (0.36, 0.63, -0.81, 1.96, -1.14, 5.53, -0.12, -0.54)
SCOPE_BY_MEANING = (-0.64, 1.01, 0.56, 0.08, -1.36, 6.45, -0.56, -1.59, 2.38, 4.87, -2.5, 1.33, -3.1, 4.83, 6.24, -8.51)
RIGHT_BY_MEANING = (0.77, -0.31, -0.89, 0.26, -0.81, 1.84, -0.11, 1.81, 7.22, -1.16)
