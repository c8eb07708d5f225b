"""The sentences people read, one file an area: error and finding codes in Chinese and English."""
