import torch
from torch import nn

cfg = {
    "VGG11": [64, "M", 128, "M", 256, 256, "M", 512, 512, "M", 512, 512, "M"],
    "VGG16": [64, 64, "M", 128, 128, "M", 256, 256, 256, "M", 512, 512, 512, "M", 512, 512, 512, "M"],
}


class VGG(nn.Module):
    def __init__(self, name, num_classes=1000):
        super().__init__()
        self.features = self.make_layers(cfg[name])
        self.classifier = nn.Sequential(
            nn.Linear(512 * 7 * 7, 4096), nn.ReLU(True), nn.Dropout(),
            nn.Linear(4096, 4096), nn.ReLU(True), nn.Dropout(), nn.Linear(4096, num_classes),
        )  # fmt: skip

    @staticmethod
    def make_layers(cfg):
        layers, channels = [], 3
        for x in cfg:
            if x == "M":
                layers += [nn.MaxPool2d(kernel_size=2, stride=2)]
            else:
                layers += [nn.Conv2d(channels, x, kernel_size=3, padding=1), nn.ReLU(inplace=True)]
                channels = x
        return nn.Sequential(*layers)

    def forward(self, x):
        x = torch.flatten(self.features(x), 1)
        return self.classifier(x)
