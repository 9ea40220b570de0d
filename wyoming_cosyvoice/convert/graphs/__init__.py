"""Writing the networks as ONNX graphs."""
