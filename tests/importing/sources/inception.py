import torch
from torch import nn


def conv(cin, cout, **kwargs):
    return nn.Sequential(nn.Conv2d(cin, cout, **kwargs), nn.ReLU())


class Inception(nn.Module):
    def __init__(self, cin, c1, c3, c5, pool):
        super().__init__()
        paths = {
            "one": conv(cin, c1, kernel_size=1),
            "three": nn.Sequential(conv(cin, c3[0], kernel_size=1), conv(*c3, kernel_size=3, padding=1)),
            "five": nn.Sequential(conv(cin, c5[0], kernel_size=1), conv(*c5, kernel_size=5, padding=2)),
            "pool": nn.Sequential(nn.MaxPool2d(3, stride=1, padding=1), conv(cin, pool, kernel_size=1)),
        }
        self.paths = nn.ModuleDict(paths)

    def forward(self, x):
        return torch.cat([path(x) for path in self.paths.values()], dim=1)


net = Inception(192, 64, (96, 128), c5=(16, 32), pool=32)
print(net(torch.zeros(2, 192, 28, 28)).shape)
