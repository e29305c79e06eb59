"""A language model behind an OpenAI-shaped API: what may leave, what may come back, and what can go wrong."""
