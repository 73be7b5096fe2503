"""The question bank: questions, their versions, and how the library loads them."""
