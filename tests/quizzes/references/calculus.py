"""Derivatives and convexity."""

import re
from math import exp, hypot

import numpy as np
from numpy.polynomial import Polynomial

from tests.quizzes.references.base import reference, slope

_TERM = re.compile(r"([+-]?) ?(\d*)((?:[xy](?:\^\d)?)+)")


def value_of(formula: str, x: float, y: float) -> float:
    """A polynomial in x and y, such as `3x^2 - xy + y^3`."""
    total = 0.0
    for sign, factor, variables in _TERM.findall(formula):
        term = float(sign + (factor or "1"))
        for name, power in re.findall(r"([xy])(?:\^(\d))?", variables):
            term *= (x if name == "x" else y) ** int(power or 1)
        total += term
    return total


@reference("chain-rule-value", "$f(x) = ({w})^{i}$. What is $f'({i})$?")
def chain_rule_value(inner, power, x):
    [(factor, sign, constant)] = re.findall(r"^(-?\d+)x(?: ([+-]) (\d+))?$", inner)
    return (Polynomial([int(sign + (constant or "0")), int(factor)]) ** power).deriv()(x)


@reference("directional-derivative", "$f(x, y) = {w}$. … at $({i}, {i})$ in the direction of ${v}$")
def directional_derivative(formula, x, y, direction):
    a, b = (part / hypot(*direction) for part in direction)
    return slope(lambda step: value_of(formula, x + a * step, y + b * step), 0)


@reference("gradient-component", r"$f(x, y) = {w}$. What is $\partial f/\partial {w}$ at $({i}, {i})$?")
def gradient_component(formula, by, x, y):
    along = (1, 0) if by == "x" else (0, 1)
    return slope(lambda step: value_of(formula, x + along[0] * step, y + along[1] * step), 0)


@reference("jensen-gap", r"$f(x) = {w}$, $\lambda = {n}$, $x = {i}$, $y = {i}$")
def jensen_gap(name, weight, x, y):
    if name == "x^2":
        return weight * (1 - weight) * (x - y) ** 2
    return exp(x) * (weight + (1 - weight) * exp(y - x) - exp((1 - weight) * (y - x)))


@reference("hessian-eigenvalue-step", "$H = {m}$. Below which learning rate")
def hessian_eigenvalue_step(hessian):
    return 2 / np.linalg.norm(np.array(hessian), 2)
