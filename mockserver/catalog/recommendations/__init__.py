"""What is recommended: a row for each question, and the words that answers are made of."""
