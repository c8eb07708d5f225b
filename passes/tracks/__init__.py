"""Where trucks were: positions from phones and files, stops, marks on the way, and tracing."""
