"""Files of arrays, images and weights. They come from strangers: none is unpickled, none is believed about its size."""
