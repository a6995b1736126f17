"""The operators of ONNX in the words of the language: one file for each family."""
