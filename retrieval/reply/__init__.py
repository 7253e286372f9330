"""What stands around an answer: whose is meant, what is doubted, declined, offered and explained."""
