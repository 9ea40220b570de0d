"""Turn an official checkpoint into a model pack of ONNX files."""
