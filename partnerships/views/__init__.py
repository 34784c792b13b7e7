from partnerships.views.workspace import workspace_context

__all__ = ["workspace_context"]
