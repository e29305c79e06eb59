"""What several people edit: every change counts, is kept with who made it, and is never written over unseen."""
