"""What the bank knows"""
