"""The language server: `editing` over the protocol of editors, on standard input and output."""
