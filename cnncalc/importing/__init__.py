"""Model files → specs: torch.export, Keras, Darknet, Caffe and ONNX files as the text that a person would write.

A reader for each format makes one neutral graph of a file; passes simplify it; `writing` prints it.
"""
