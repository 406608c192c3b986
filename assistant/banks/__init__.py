"""Ways to reach core banking, one file each; all implement the port in `assistant/bank.py`."""
