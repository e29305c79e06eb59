"""Finding words in what people have written: a room that knows pieces of text and the numbers of their tickets."""
