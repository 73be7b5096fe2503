"""Pages of mock interviews: choosing, sitting, looking back."""
