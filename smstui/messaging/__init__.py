"""What every text message has, whoever carries it: a number it goes to and parts it is cut into."""
