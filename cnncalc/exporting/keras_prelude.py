"""The functions and layers that exported code of Keras defines, as Keras has none like them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

PRELUDE = {
    "channel_shuffle": '''def channel_shuffle(x, groups):
    """The first channel of each group, then the second of each, and so on."""
    height, width, channels = x.shape[1:]
    x = layers.Reshape((height, width, groups, channels // groups))(x)
    x = layers.Permute((1, 2, 4, 3))(x)
    return layers.Reshape((height, width, channels))(x)
''',
    "space_to_depth": '''def space_to_depth(x, rows, columns):
    """The values of each block side by side as channels."""
    height, width, channels = x.shape[1] // rows, x.shape[2] // columns, x.shape[3]
    x = layers.Reshape((height, rows, width, columns, channels))(x)
    x = layers.Permute((1, 3, 2, 4, 5))(x)
    return layers.Reshape((height, width, rows * columns * channels))(x)
''',
    "connected_conv": '''def connected_conv(x, connections, kernel_size):
    """A convolution each filter of which sees some of the input maps."""
    seen = [layers.concatenate([x[..., i : i + 1] for i in maps]) for maps in connections]
    return layers.concatenate([layers.Conv2D(1, kernel_size)(one) for one in seen])
''',
    "LocalResponseNormalization": '''class LocalResponseNormalization(layers.Layer):
    """Each value divided by a power of the squares of neighbouring channels."""

    def __init__(self, size=5, alpha=1e-4, beta=0.75, k=2.0, **named):
        super().__init__(**named)
        self.size, self.alpha, self.beta, self.k = size, alpha, beta, k

    def call(self, x):
        before, after = self.size // 2, (self.size - 1) // 2
        others = [(0, 0)] * (len(x.shape) - 1)
        squares = keras.ops.pad(keras.ops.square(x), [*others, (before, after)])
        total = sum(squares[..., i : i + x.shape[-1]] for i in range(self.size))
        return x / (self.k + self.alpha * total) ** self.beta
''',
    **{
        f"{word}Noise": f'''class {word}Noise(layers.Layer):
    """Values drawn at random, in the shape of the input."""

    def call(self, x):
        return keras.random.{word.lower()}(keras.ops.shape(x))
'''
        for word in ("Normal", "Uniform")
    },
    "LayerScale": '''class LayerScale(layers.Layer):
    """A learned factor for each channel."""

    def build(self, shape):
        self.scale = self.add_weight(shape=(shape[-1],), initializer="ones")

    def call(self, x):
        return x * self.scale
''',
    "ScaleAndOffset": '''class ScaleAndOffset(layers.Layer):
    """A learned factor and a learned offset for each channel."""

    def build(self, shape):
        self.scale = self.add_weight(shape=(shape[-1],), initializer="ones")
        self.offset = self.add_weight(shape=(shape[-1],), initializer="zeros")

    def call(self, x):
        return x * self.scale + self.offset
''',
    "Tokens": '''class Tokens(layers.Layer):
    """Learned tokens before a sequence."""

    def __init__(self, number, **named):
        super().__init__(**named)
        self.number = number

    def build(self, shape):
        self.tokens = self.add_weight(shape=(1, self.number, shape[-1]), initializer="zeros")

    def call(self, x):
        tokens = keras.ops.broadcast_to(self.tokens, (keras.ops.shape(x)[0], self.number, x.shape[-1]))
        return keras.ops.concatenate([tokens, x], axis=1)
''',
    "Positions": '''class Positions(layers.Layer):
    """A learned offset for each value."""

    def build(self, shape):
        self.positions = self.add_weight(shape=(1, *shape[1:]), initializer="zeros")

    def call(self, x):
        return x + self.positions
''',
}
"""The code's own definitions, by the word that needs each."""

OWN_DEFAULTS: Mapping[str, Any] = {"alpha": 1e-4, "beta": 0.75, "k": 2.0, "trainable": True}
"""The defaults of their arguments; all others are given by position."""
