"""Language models and text metrics."""

from fractions import Fraction
from itertools import combinations
from math import exp, log

from tests.quizzes.references.base import reference

_SENTENCES = "“{w}”. Reference: “{w}”"


@reference("perplexity", "the probabilities {l}, each")
def perplexity(p):
    return exp(-sum(log(value) for value in p) / len(p))


@reference("bleu-unigram", "Candidate: " + _SENTENCES)
def bleu_unigram(candidate, reference_text):
    left, matched = reference_text.split(), 0
    for word in (words := candidate.split()):
        if word in left:
            left.remove(word)
            matched += 1
    return matched / len(words) * exp(1 - len(reference_text.split()) / len(words))


@reference("rouge-l", "Summary: " + _SENTENCES)
def rouge_l(summary, reference_text):
    a, b = summary.split(), reference_text.split()
    longest = max(
        size
        for size in range(len(a) + 1)
        if {tuple(part) for part in combinations(a, size)} & {tuple(part) for part in combinations(b, size)}
    )
    precision, recall = longest / len(a), longest / len(b)
    return 2 / (1 / precision + 1 / recall)


@reference("nucleus-size", "sorted probabilities {l}. … $p = {n}$ keep")
def nucleus_size(p, top):
    left, kept = Fraction(str(top)), 0
    while left > 0:
        left -= Fraction(str(p[kept]))
        kept += 1
    return kept


@reference("pass-at-k", "writes {i} programs for a task, {i} of which … pass@{i}")
def pass_at_k(n, passing, k):
    all_fail = 1.0
    for drawn in range(k):
        all_fail *= (n - passing - drawn) / (n - drawn)
    return 1 - all_fail
