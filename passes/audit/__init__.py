"""Every check of the register at an instant, and what each finding needs to be acted on."""
