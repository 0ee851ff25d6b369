"""Lint and render a Helm chart, and check what it renders against the schemas of Kubernetes.

``make linters`` installs what this program imports. Its arguments are the folder of the chart and
values as JSON. It prints JSON: ``problems``, and ``documents`` by kind.
"""

import json
import sys

import yaml
from helm_python.chart import Chart, lint
from helm_python.errors import HelmError
from kubernetes_validate import InvalidSchemaError, ValidationError, latest_version, validate

INFORMATION = 1
"""Helm's severity of advice, such as "icon is recommended"."""


def main(folder, values):
    documents, problems = {}, []
    try:
        with Chart.load(folder) as chart:
            chart.validate_schema(values)
            rendered = chart.render(values, name="mock", namespace="tests")
        found = lint(folder, values, strict=True)
        rows = [row for row in found["messages"] if row["severity"] > INFORMATION]
        problems += [f"{row['path']}: {row['error']}" for row in rows]
        problems += map(str, found["errors"])
    except HelmError as error:
        rendered, problems = {}, [str(error)]
    for name, text in rendered.items():
        for document in filter(None, yaml.safe_load_all(text)):
            documents[document["kind"]] = document
            try:
                validate(document, latest_version(), strict=True)
            except (InvalidSchemaError, ValidationError) as error:
                problems.append(f"{name}: {error}")
    return {"problems": problems, "documents": documents}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(sys.argv[1], json.loads(sys.argv[2]))))
