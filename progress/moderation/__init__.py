"""Reports of comments, and what moderators do about them."""
