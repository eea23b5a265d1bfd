"""What a planner sees and presses: cover against demand, who can, plans, publishing, fairness."""
