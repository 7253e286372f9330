"""What other programs build on: the operations, an MCP server and an HTTP API over them."""
