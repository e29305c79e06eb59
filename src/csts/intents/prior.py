"""What is believed of an answer before anything was tried on the desk's own questions: weights of confidence.

Fitted by `python -m bench.prior` with its defaults, on 150 desks of 1 to 20 topics with 0 to 10 examples, cut out of
the training part of Banking77 (Casanueva et al., "Efficient Intent Detection with Dual Sentence Encoders", 2020).
In the order of the signals in `confidence`, then the constant.
"""

SCOPE = (0.85, 3.15, 0.21, 3.14, -2.57, 8.51, -0.02, -2.12, 1.37, 4.42, -4.35, -1.31, 0.2, -3.87)
RIGHT = (0.36, 0.63, -0.81, 1.96, -1.14, 5.53, -0.12, -0.54)
