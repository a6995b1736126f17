import numpy as np


class Convolution2D:
    def __init__(self, in_channels, num_filters, filter_size, stride=1, pad=0):
        self.stride, self.pad = stride, pad
        self.W = np.random.randn(num_filters, in_channels, filter_size, filter_size) * np.sqrt(2.0 / in_channels)
        self.b = np.zeros(num_filters)
        self.dW = np.zeros_like(self.W)

    def forward(self, x):
        n, c, h, w = x.shape
        out_h = (h + 2 * self.pad - self.W.shape[2]) // self.stride + 1
        out = np.zeros((n, len(self.W), out_h, out_h))
        for i in range(out_h):
            out[:, :, i] = np.sum(x[:, :, i] * self.W) + self.b
        return out

    def backward(self, gradient):
        self.dW += gradient


class Pooling:
    def __init__(self, pool_size=2, stride=None, mode="max"):
        self.pool_size, self.stride, self.mode = pool_size, stride or pool_size, mode

    def forward(self, x):
        return np.max(x) if self.mode == "max" else np.mean(x)


class ReLU:
    def forward(self, x):
        return np.maximum(0, x)


class Flatten:
    def forward(self, x):
        return x.reshape(x.shape[0], -1)


class FullyConnected:
    def __init__(self, n_in, n_out, activation="relu"):
        self.activation = activation
        self.weights, self.bias = np.random.randn(n_in, n_out), np.zeros((1, n_out))

    def forward(self, x):
        return x @ self.weights + self.bias


class Network:
    def __init__(self):
        self.layers = []

    def add(self, layer):
        self.layers.append(layer)

    def forward(self, x):
        for layer in self.layers:
            x = layer.forward(x)
        return x


net = Network()
net.add(Convolution2D(3, 8, 5, stride=2, pad=2))
net.add(ReLU())
net.add(Pooling(2, mode="avg"))
net.add(Flatten())
net.add(FullyConnected(8 * 8 * 8, 20))
net.add(FullyConnected(20, 4, activation="softmax"))
net.forward(np.random.randn(16, 3, 32, 32))
