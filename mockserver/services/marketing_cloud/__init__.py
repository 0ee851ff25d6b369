"""Amazon Marketing Cloud: instances, workflows, executions of workflows and their results."""

from adsmock.mockserver.services.handler import Handler, Handlers

HANDLERS: Handlers = {
    ("amcInstances", "accounts"): Handler("marketing_cloud.instances.list_accounts"),
    ("amcInstances", "list"): Handler("marketing_cloud.instances.list_instances"),
    ("amcInstances", "get"): Handler("marketing_cloud.instances.get_instance"),
    ("amcDataSources", "list"): Handler("marketing_cloud.data_sources.list_sources"),
    ("amcDataSources", "get"): Handler("marketing_cloud.data_sources.get_source"),
    ("amcWorkflows", "create"): Handler("marketing_cloud.workflows.create_workflow", commits=True),
    ("amcWorkflows", "list"): Handler("marketing_cloud.workflows.list_workflows"),
    ("amcWorkflows", "get"): Handler("marketing_cloud.workflows.get_workflow"),
    ("amcWorkflows", "update"): Handler("marketing_cloud.workflows.update_workflow", commits=True),
    ("amcWorkflows", "delete"): Handler("marketing_cloud.workflows.delete_workflow", commits=True),
    ("amcSchedules", "create"): Handler("marketing_cloud.schedules.create_schedule", commits=True),
    ("amcSchedules", "list"): Handler("marketing_cloud.schedules.list_schedules"),
    ("amcSchedules", "get"): Handler("marketing_cloud.schedules.get_schedule"),
    ("amcSchedules", "update"): Handler("marketing_cloud.schedules.update_schedule", commits=True),
    ("amcSchedules", "delete"): Handler("marketing_cloud.schedules.delete_schedule", commits=True),
    ("amcExecutions", "create"): Handler("marketing_cloud.executions.create", commits=True),
    ("amcExecutions", "list"): Handler("marketing_cloud.executions.list_all"),
    ("amcExecutions", "get"): Handler("marketing_cloud.executions.get"),
    ("amcExecutions", "update"): Handler("marketing_cloud.executions.update", commits=True),
    ("amcExecutions", "delete"): Handler("marketing_cloud.executions.delete", commits=True),
    ("amcExecutions", "download"): Handler("marketing_cloud.executions.download"),
}
