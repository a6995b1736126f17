import keras
from keras import layers, ops


class ChannelScale(layers.Layer):
    def build(self, shape):
        self.scale = self.add_weight(shape=(shape[-1],), initializer="ones")
        self.offset = self.add_weight(shape=(shape[-1],), initializer="zeros")

    def call(self, x):
        return x * self.scale + self.offset

class LayerScale(layers.Layer):
    def build(self, shape):
        self.scale = self.add_weight(shape=(shape[-1],), initializer="ones")

    def call(self, x):
        return x * self.scale

class ClassTokens(layers.Layer):
    def __init__(self, number, **named):
        super().__init__(**named)
        self.number = number

    def build(self, shape):
        self.tokens = self.add_weight(shape=(1, self.number, shape[-1]), initializer="zeros")

    def call(self, x):
        tokens = ops.broadcast_to(self.tokens, (ops.shape(x)[0], self.number, x.shape[-1]))
        return ops.concatenate([tokens, x], axis=1)


class Positions(layers.Layer):
    def build(self, shape):
        self.positions = self.add_weight(shape=(1, *shape[1:]), initializer="zeros")

    def call(self, x):
        return x + self.positions


class LocalResponseNormalization(layers.Layer):
    def __init__(self, size=5, alpha=1e-4, beta=0.75, k=2.0, **named):
        super().__init__(**named)
        self.size, self.alpha, self.beta, self.k = size, alpha, beta, k

    def call(self, x):
        before, channels = self.size // 2, x.shape[-1]
        squares = ops.pad(ops.square(x), [(0, 0)] * (len(x.shape) - 1) + [(before, self.size - 1 - before)])
        total = sum(squares[..., i:i + channels] for i in range(self.size))
        return x / (self.k + self.alpha * total) ** self.beta


def net():
    inputs = keras.Input((8, 8, 6))
    x = LocalResponseNormalization(3, k=1.0)(inputs)
    x = ChannelScale(name="s")(x)
    x = LayerScale()(x)
    x = layers.Reshape((64, 6))(x)
    x = ClassTokens(2)(x)
    x = Positions()(x)
    x = layers.Bidirectional(layers.LSTM(4, return_sequences=True))(x)
    x = x[:, 0]
    return keras.Model(inputs, layers.Dense(3)(x))
