"""Asymmetric Shapley values of forecasting models."""

from clarify_engine.forecast.forecasts import ForecastExplanations, Forecasts, open_forecasts

__all__ = ["ForecastExplanations", "Forecasts", "open_forecasts"]
