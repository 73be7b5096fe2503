"""Initialisation, normalisation, dropout, forward and backward passes."""

from fractions import Fraction
from math import exp

import numpy as np

from tests.quizzes.references.base import reference, slope


def sigmoid(x: float) -> float:
    return (1 + np.tanh(x / 2)) / 2


@reference("initialisation-std", "has {i} inputs and {i} outputs. … does {w}'s {w}initialisation")
def initialisation_std(fan_in, fan_out, name, _how):
    mean_fan = {"He": fan_in / 2, "Xavier": (fan_in + fan_out) / 2}[name]
    return mean_fan**-0.5


@reference("batch-norm-output", r"values ${v}$ … $\gamma = {n}$, $\beta = {n}$ … first value")
def batch_norm_output(x, gamma, beta):
    mean = sum(x) / len(x)
    return gamma * (x[0] - mean) / (sum(v * v for v in x) / len(x) - mean**2) ** 0.5 + beta


@reference("layer-norm-or-rms-norm", "vector is ${v}$. … first component after **{w}**")
def layer_norm_or_rms_norm(x, name):
    centred = np.array(x) - {"LayerNorm": np.mean(x), "RMSNorm": 0}[name]
    return 2 * centred[0] / np.linalg.norm(centred)


@reference("inverted-dropout", "with probability {n}. … an activation of {n} is kept")
def inverted_dropout(p, x):
    return Fraction(str(x)) / (1 - Fraction(str(p)))


@reference("two-layer-forward", "$W = {m}$, $b = {v}$, $v = {v}$, $c = {i}$. … $x = {v}$")
def two_layer_forward(w, b, v, c, x):
    out = float(c)
    for row, bias, weight in zip(w, b, v, strict=True):
        z = bias
        for a, value in zip(row, x, strict=True):
            z += a * value
        out += weight * z if z > 0 else 0
    return out


@reference("backprop-one-weight", r"With $x = {n}$, $w = {n}$, $v = {n}$ and $t = {n}$")
def backprop_one_weight(x, w, v, target):
    return slope(lambda at: (v * sigmoid(at * x) - target) ** 2 / 2, w)


@reference("sigmoid-chain-bound", "chain of {i} sigmoid units has the same weight {n} … happens to be {n}.")
def sigmoid_chain_bound(depth, weight, z):
    factor = 1.0
    for _ in range(depth):
        factor *= weight / (exp(z / 2) + exp(-z / 2)) ** 2
    return factor
