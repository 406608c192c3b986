"""Every text that a language model reads, a file a prompt; `assistant.prompt` reads and renders them."""
