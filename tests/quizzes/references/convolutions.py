"""Convolutions and boxes."""

import numpy as np

from tests.quizzes.references.base import numbers, reference


@reference(
    "conv-output-size",
    r"kernel ${i}\times{i}$, stride {i}, padding {i} on each side and dilation {i}. Its input is ${i}\times{i}$",
)
def conv_output_size(k, _k, stride, padding, dilation, n, _n):
    starts = range(-padding, n + padding, stride)
    return sum(start + dilation * (k - 1) < n + padding for start in starts)


@reference("transposed-conv-output-size", "(kernel {i}, stride {i}, padding {i}, … of side {i}.")
def transposed_conv_output_size(k, stride, padding, n):
    touched = {place * stride + tap for place in range(n) for tap in range(k)}
    return max(touched) + 1 - 2 * padding


@reference("conv-parameters", r"has {i} input channels and {i} filters of ${i}\times{i}$, with one bias a filter")
def conv_parameters(c_in, c_out, k, _k):
    return np.empty((c_out, c_in, k, k)).size + np.empty(c_out).size


@reference("depthwise-separable-parameters", r"maps {i} to {i} channels: a depthwise ${i}\times{i}$ … Without biases")
def depthwise_separable_parameters(c_in, c_out, k, _k):
    return np.empty((c_in, 1, k, k)).size + np.empty((c_out, c_in, 1, 1)).size


@reference(
    "conv-macs", r"${i}\times{i}$ convolution maps {i} to {i} channels; its output is ${i}\times{i}$ … **million**"
)
def conv_macs(k, _k, c_in, c_out, h, w):
    one_output = sum(1 for _ in range(k) for _ in range(k)) * c_in
    return sum(one_output for _ in range(h) for _ in range(w)) * c_out / 1e6


@reference("receptive-field", "from the input on: {w} (dilation 1)")
def receptive_field(stack):
    low = high = 0
    for layer in reversed(stack.split(", ")):
        k, stride = (int(number) for number in numbers(layer))
        low, high = low * stride, high * stride + k - 1
    return high - low + 1


@reference("iou-of-boxes", "$A = {v}$ and $B = {v}$")
def iou_of_boxes(a, b):
    first, second = (
        {(x, y) for x in range(int(box[0]), int(box[2])) for y in range(int(box[1]), int(box[3]))} for box in (a, b)
    )
    return len(first & second) / len(first | second)
