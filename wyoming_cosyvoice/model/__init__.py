"""Inference: one module and one ONNX session per network."""
