"""The walks of the hard moments, as chatter and volunteer meet them."""
