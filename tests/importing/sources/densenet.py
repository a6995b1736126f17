import torch
import torch.nn as nn
import torch.nn.functional as F
from torchsummary import summary


class DenseLayer(nn.Sequential):
    def __init__(self, channels, growth, bn_size=4):
        super().__init__(
            nn.BatchNorm2d(channels), nn.ReLU(), nn.Conv2d(channels, bn_size * growth, 1, bias=False),
            nn.BatchNorm2d(bn_size * growth), nn.ReLU(), nn.Conv2d(bn_size * growth, growth, 3, padding=1, bias=False),
        )  # fmt: skip

    def forward(self, x):
        return torch.cat([x, super().forward(x)], 1)


class DenseNet(nn.Module):
    def __init__(self, growth=32, blocks=(6, 12, 24, 16), channels=64):
        super().__init__()
        features = nn.Sequential(nn.Conv2d(3, channels, 7, 2, 3, bias=False), nn.BatchNorm2d(channels), nn.ReLU())
        features.add_module("pool0", nn.MaxPool2d(3, 2, 1))
        for i, count in enumerate(blocks):
            dense = nn.ModuleList([DenseLayer(channels + growth * j, growth) for j in range(count)])
            features.add_module(f"dense{i}", nn.Sequential(*dense))
            channels += growth * count
            if i != len(blocks) - 1:
                features.add_module(f"norm{i}", nn.BatchNorm2d(channels))
                features.add_module(f"conv{i}", nn.Conv2d(channels, channels // 2, kernel_size=1, bias=False))
                features.add_module(f"pool{i + 1}", nn.AvgPool2d(2))
                channels //= 2
        self.features = features
        self.norm = nn.BatchNorm2d(channels)
        self.classifier = nn.Linear(channels, 1000)

    def forward(self, x):
        out = F.relu(self.norm(self.features(x)), inplace=True)
        out = F.adaptive_avg_pool2d(out, (1, 1)).view(x.size(0), -1)
        return self.classifier(out)


if __name__ == "__main__":
    model = DenseNet().to("cuda")
    summary(model, (3, 224, 224))
