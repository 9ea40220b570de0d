"""Write the networks as ONNX graphs."""
