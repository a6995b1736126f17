import numpy as np


def relu(x):
    return np.maximum(0, x)


def conv2d(image, kernel, stride=1, padding=0):
    channels, height, width = image.shape
    return np.zeros((len(kernel), height, width))


def max_pool2d(image, pool_size=2, stride=2):
    c, h, w = image.shape
    return np.zeros((c, h // 2, w // 2))


class SmallNet:
    def __init__(self, num_classes=10):
        self.filters, self.bias = np.random.randn(4, 1, 3, 3), np.zeros(4)
        self.weights = np.random.randn(4 * 13 * 13, num_classes)

    def forward(self, x, keep=0.5):
        x = conv2d(x, self.filters)
        x = relu(x + self.bias[:, np.newaxis, np.newaxis])
        x = max_pool2d(x).reshape(-1)
        x = x * (np.random.rand(*x.shape) < keep) / keep
        return np.dot(x, self.weights)


SmallNet().forward(np.random.rand(1, 28, 28))
