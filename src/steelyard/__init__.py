"""Steelyard 定盘星: raise the performance of marketing and sales teams."""
