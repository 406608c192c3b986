"""The chat as other sites show it: one script puts a bubble on a page, and the conversation into a frame of this service."""
