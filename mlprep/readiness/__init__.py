"""What a mock interview would come to, today and on the interview's day."""
