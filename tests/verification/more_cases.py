"""Layers beside the case table of tests/layers: settings that change no shape, and what ONNX Runtime lacks."""

from layers.cases import case, chw

MORE_CASES = (
    case("a 3-D conv may differ in every setting between its axes", "conv", chw(4, 5, 6, 7),
         chw(6, 3, 6, 5),  # floor((5 + 1 - 1)/2) + 1, 6 + 2 - 3 + 1, floor((7 + 5 - 3)/2) + 1
         filters=6, kernel=(1, 2, 3), stride=(2, 1, 2), dilation=(1, 2, 1), padding=((0, 1), (2, 0), (1, 4)), groups=2),
    case("a 3-D conv may have connections", "conv", chw(4, 5, 3, 3), chw(2, 3, 1, 1), filters=2, kernel=3,
         connections=((3, 0, 1), (1,))),
    case("a 3-D depthwise conv with padding same may triple the channels", "depthwise", chw(2, 5, 4, 7),
         chw(6, 3, 2, 4),  # ceil(5/2), ceil(4/2), ceil(7/2)
         kernel=3, stride=2, multiplier=3, padding="same"),
    case("a 3-D deconv may differ in every setting between its axes", "deconv", chw(4, 5, 4, 3),
         chw(6, 13, 11, 8),  # 4*2 - 1 + 5 + 1, 3*3 - 2 + 3 + 1, 2*2 - 2 + 7 - 1
         filters=6, kernel=(3, 2, 4), stride=(2, 3, 2), dilation=2, padding=((0, 1), (2, 0), (1, 2)),
         output_padding=(1, 1, 0), groups=2),
    case("a deconv without bias may be extended on both axes", "deconv", chw(4, 5, 4), chw(6, 15, 12), filters=6,
         kernel=2, stride=3, padding="same_lower", groups=2, bias=False),
    case("a max pool may be padded by more than its taps", "maxpool", chw(2, 12),
         chw(2, 13),  # effective kernel 6, padding 3: 12 + 6 - 6 + 1
         kernel=2, stride=1, dilation=5, padding=3),
    case("a 3-D max pool may be dilated", "maxpool", chw(2, 7, 8, 9), chw(2, 3, 4, 5), kernel=3, stride=1, dilation=2),
    case("Caffe's window behind a volume is empty on each axis by itself", "maxpool", chw(2, 4, 5, 6),
         chw(2, 2, 2, 2),  # the second window starts at 4 of 4, at 4 of 5 and at 7 of 6
         kernel=2, stride=(4, 4, 7), rounding="ceil_caffe"),
    case("the mean of Caffe's empty window is 0", "avgpool", chw(2, 4, 5), chw(2, 2, 2), kernel=2, stride=4,
         rounding="ceil_caffe"),
    case("an average of a volume may round up without its padding's zeros", "avgpool", chw(2, 4, 6, 8),
         chw(2, 3, 4, 5),  # ceil((4 + 2 - 3)/2) + 1, ceil((6 + 2 - 3)/2) + 1, ceil((8 + 2 - 3)/2) + 1
         kernel=3, stride=2, padding=1, rounding="ceil", count_padding=False),
    case("an adaptive average of a volume", "adaptive_avgpool", chw(3, 5, 7, 9), chw(3, 2, 3, 4), size=(2, 3, 4)),
    case("a bn may have a larger eps", "bn", chw(8, 3, 3), chw(8, 3, 3), eps=0.1),
    case("a layernorm may have a larger eps", "layernorm", chw(8, 3, 3), chw(8, 3, 3), eps=0.1),
    case("an lrn of an even size reads one more channel behind", "lrn", chw(6, 4, 5), chw(6, 4, 5), size=4, alpha=0.1),
    case("a volume may have an lrn", "lrn", chw(6, 2, 3, 4), chw(6, 2, 3, 4), alpha=0.1, beta=0.5),
    case("a vector may have an lrn", "lrn", chw(6), chw(6), size=9, alpha=0.1),
    case("a vector may have a groupnorm", "groupnorm", chw(6), chw(6), groups=2),
    case("a volume may have a groupnorm", "groupnorm", chw(6, 2, 3, 4), chw(6, 2, 3, 4), groups=3, eps=0.1),
    case("an instancenorm of one pixel gives its offset", "instancenorm", chw(6, 1, 1), chw(6, 1, 1), affine=True),
    case("an instancenorm of a vector gives its offset", "instancenorm", chw(6), chw(6), affine=True),
    case("an instancenorm may have a larger eps", "instancenorm", chw(6, 4), chw(6, 4), eps=0.1),
    case("softmax keeps a volume", "softmax", chw(5, 2, 3, 4), chw(5, 2, 3, 4)),
    case("an upsample may stretch a volume", "upsample", chw(2, 3, 4, 5), chw(2, 6, 4, 15), factor=(2, 1, 3)),
    case("zeros go around a volume", "zeropad", chw(2, 2, 3, 4), chw(2, 5, 3, 7), padding=((1, 2), (0, 0), (3, 0))),
    case("a shuffle may mix a volume", "shuffle", chw(6, 2, 3, 4), chw(6, 2, 3, 4), groups=2),
    case("a mul takes seven gates", "mul", (chw(4, 1),) * 7, chw(4, 1)),
)  # fmt: skip
"""The figures that a case has beside its output are left out: tests/layers has them for every kind."""
