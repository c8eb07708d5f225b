"""What every page shares: signing in, who may see what, language, forms, errors and the page around it all."""
