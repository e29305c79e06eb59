"""Web Push: notices for people whose pages are all closed, by way of the push services of browsers."""
