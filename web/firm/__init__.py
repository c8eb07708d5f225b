"""The firm's room: apply by form or file, see what became of it, and the firm's passes."""
