import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers


def block(x, f, stride=1):
    y = layers.Conv2D(f, 3, strides=stride, padding="same", use_bias=False)(x)
    y = layers.BatchNormalization()(y)
    y = layers.ReLU()(y)
    if stride > 1 or x.shape[-1] != f:
        x = layers.Conv2D(f, 1, strides=stride)(x)
    return layers.add([x, y])


def build(n=10):
    i = keras.Input(shape=(32, 32, 3))
    x = i
    for f in [16, 32, 64]:
        x = block(x, f, 2)
        x = block(x, f)
    x = layers.GlobalAveragePooling2D()(x)
    o = layers.Dense(n, activation=tf.nn.softmax)(x)
    return keras.Model(i, o, name="small")
