"""The coach on call: requests for help, joinings, after-care."""
