//! Queueing theory: exact values to check the engine against and quick estimates for the planner.
