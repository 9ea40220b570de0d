"""The networks at work: one module and one ONNX session per network."""
