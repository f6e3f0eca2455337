"""Other systems in the admin: one subject a file."""

from integrations.admin import clients, log, webhooks

__all__ = ["clients", "log", "webhooks"]
