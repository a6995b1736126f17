"""Names that people give to layers that they write with numpy, and to their arguments."""

from __future__ import annotations

import re
from collections.abc import Mapping

NAMES: Mapping[str, str] = {
    "conv": "conv convolution convolutional convolve",
    "maxpool": "maxpool maxpooling",
    "avgpool": "avgpool averagepool avgpooling averagepooling meanpool meanpooling",
    "pool": "pool pooling",
    "fc": "dense fc linear fullyconnected fullconnect fullconnected affine innerproduct",
    "flatten": "flatten",
    "dropout": "dropout",
    **{kind: kind.replace("_", "") for kind in ("relu", "leaky_relu", "sigmoid", "tanh", "softmax", "elu", "gelu")},
}
"""Kind → the names of its classes and functions, without the endings that `_word` takes away."""

_EMPTY = {"layer", "layers", "my", "np", "numpy", "simple", "naive", "custom", "forward", "op", "d", "x", "nd", "pass"}

ROLES: Mapping[str, Mapping[str, str]] = {
    "conv": {
        "filters": "filters numfilters nfilters nbfilters numfilter nfilter filternum numberoffilters noffilters "
        "outchannels outputchannels outchannel outputchannel outc cout channelsout outdepth outputdepth numkernels "
        "nkernels nkernel kernels kernelnum numberofkernels nout depth F n_C",
        "kernel": "kernelsize filtersize ksize fsize kernel kernelshape filtershape size windowsize window kerneldim "
        "filterdim k f",
        "channels": "inchannels inputchannels inchannel inputchannel inc cin channelsin indepth inputdepth channels "
        "nchannels numchannels numinputchannels ncprev inputs nin",
    },
    "pool": {
        "kernel": "poolsize kernelsize filtersize size ksize fsize pool windowsize window kernel poolshape poolingsize "
        "kernelshape k f",
        "mode": "poolingtype pooltype mode type method kind poolingmode poolmode",
    },
    "fc": {
        "features": "outputsize outfeatures outputdim nout numoutputs noutputs noutput outputs units nunits numunits "
        "neurons nneurons numneurons outputunits outputneurons nodes nnodes outputnodes numnodes outsize outdim "
        "numclasses nclasses out output fanout outputfeatures hiddenunits hiddensize size",
        "inputs": "inputsize infeatures inputdim nin numinputs ninputs ninput inputs inputunits insize indim "
        "inputnodes inputlen input fanin in inputneurons inputfeatures nfeatures",
    },
}  # fmt: skip
"""Kind → role → the names of arguments that have it."""

EVERYWHERE = {
    "stride": "stride strides s S",
    "padding": "padding pad pads p P zeropadding",
    "activation": "activation act activationfunction activationfn actfn",
    "bias": "bias usebias hasbias",
}

IGNORED = (
    "seed", "randomstate", "lr", "learningrate", "name", "batchsize", "inputshape", "inputheight", "inputwidth",
    "inputh", "inputw", "id", "index", "verbose",
)  # fmt: skip
"""Arguments that may be numbers and say nothing about a layer."""


def kind_of(name: str) -> str:
    """The kind in the name of a class or function; empty if there is none.

    >>> kind_of("ConvLayer"), kind_of("MaxPool2"), kind_of("Fully_Connected"), kind_of("ReLU"), kind_of("AlexNet")
    ('conv', 'maxpool', 'fc', 'relu', '')
    """
    word = "".join(part for part in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name) if part.lower() not in _EMPTY)
    return next((kind for kind, names in NAMES.items() if word.lower() in names.split()), "")


def bare(name: str) -> str:
    """A name without signs and capitals, unless it is one letter."""
    return name if len(name) == 1 and name.isupper() else re.sub(r"[^a-z0-9]", "", name.lower())
