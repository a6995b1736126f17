from functools import partial

import torch
import torch.nn as nn
import torch.nn.functional as F


class SE(nn.Module):
    def __init__(self, c, r=4):
        super().__init__()
        self.fc1, self.fc2 = nn.Linear(c, c // r), nn.Linear(c // r, c)

    def forward(self, x):
        w = F.adaptive_avg_pool2d(x, 1).flatten(1)
        w = torch.sigmoid(self.fc2(F.relu(self.fc1(w))))
        return x * w.view(*w.shape, 1, 1)


class Unit(nn.Module):
    def __init__(self, c, norm=partial(nn.BatchNorm2d, eps=1e-3), act=lambda: nn.SiLU()):
        super().__init__()
        half = c // 2
        self.branch = nn.Sequential(nn.Conv2d(half, half, 3, padding=1, groups=half, bias=False), norm(half), act())
        self.se = SE(half)

    def forward(self, x):
        a, b = x.chunk(2, dim=1)
        out = torch.cat((a, self.se(self.branch(b))), 1)
        n, c, h, w = out.size()
        return out.view(n, 2, c // 2, h, w).transpose(1, 2).contiguous().view(n, -1, h, w)


model = nn.Sequential(nn.Conv2d(3, 16, 3, 2, 1), *[Unit(16) for _ in range(3)], nn.AdaptiveAvgPool2d(1), nn.Flatten())
model.add_module("head", nn.Linear(16, 10))
model(torch.rand(4, 3, 32, 32))
