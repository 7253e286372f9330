"""The prompts that language models are sent, each a versioned file; `load` reads one."""

from prompts.loader import Prompt, PromptError, Rendered, load

__all__ = ["Prompt", "PromptError", "Rendered", "load"]
