"""The functions and modules that exported code of PyTorch defines, as torch has none like them."""

from __future__ import annotations

CROP = "center_crop"

PRELUDE = {
    CROP: '''def center_crop(x: torch.Tensor, size: torch.Size) -> torch.Tensor:
    """The centre of a map; an odd border is one larger at the end."""
    for dim in range(2, x.dim()):
        x = x.narrow(dim, (x.size(dim) - size[dim - 2]) // 2, size[dim - 2])
    return x
''',
    "max_unpool": '''def max_unpool(x: torch.Tensor, pooled: torch.Tensor, kernel_size: int, stride: int | None = None,
               padding: int = 0, ceil_mode: bool = False) -> torch.Tensor:
    """The values of a max pool, back where the maxima of its input were."""
    _, indices = F.max_pool2d(pooled, kernel_size, stride, padding, 1, ceil_mode, return_indices=True)
    return torch.zeros_like(pooled).flatten(2).scatter(2, indices.flatten(2), x.flatten(2)).view_as(pooled)
''',
    "LayerNorm2d": '''class LayerNorm2d(nn.LayerNorm):
    """Layer normalisation over the channels at each position of a map."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return super().forward(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)
''',
    "ConnectedConv2d": '''class ConnectedConv2d(nn.Module):
    """A convolution each filter of which sees some of the input maps."""

    def __init__(self, connections: list[list[int]], kernel_size: int) -> None:
        super().__init__()
        self.connections = connections
        self.filters = nn.ModuleList(nn.Conv2d(len(maps), 1, kernel_size) for maps in connections)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        seen = [torch.cat([x[:, i : i + 1] for i in maps], dim=1) for maps in self.connections]
        return torch.cat([conv(maps) for conv, maps in zip(self.filters, seen)], dim=1)
''',
}
"""The code's own definitions, by the word that needs each."""
