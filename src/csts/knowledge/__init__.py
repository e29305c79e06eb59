"""Knowledge: the articles that answer what is asked again and again, and the rules that come before them."""
