"""The engine's harness (`engine/harness`) at full length, and what came of it."""
