import tensorflow as tf


class Net(tf.keras.Model):
    def __init__(self):
        super().__init__()
        self.c1 = tf.keras.layers.Conv2D(8, 5, activation="relu")
        self.p = tf.keras.layers.MaxPool2D()
        self.f = tf.keras.layers.Flatten()
        self.d = tf.keras.layers.Dense(10)

    def call(self, x, training=False):
        x = self.p(self.c1(x))
        return self.d(self.f(x))


m = Net()
m.build((None, 28, 28, 1))
