"""Text to vectors on the CPU: a BERT as an OpenVINO graph, in bf16 or in 8-bit integers."""
