"""What tests share that is not about the desk itself: servers, databases, sockets."""
