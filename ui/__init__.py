"""Everything that faces outward"""
