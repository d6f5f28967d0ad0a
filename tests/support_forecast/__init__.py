"""Helpers for explanations of forecasts."""
