"""The queries of the dashboard against a real Prometheus: each is valid, and asks for metrics that exist.

    dashboard.py PROMETHEUS-URL DASHBOARD
"""
import json
import re
import sys
import urllib.error
import urllib.parse
import urllib.request

# What Grafana puts in.
VARIABLES = {"$target": ".*", "$job": "oauthwatch"}


def ask(url: str, path: str, **parameters) -> dict:
    """An answer of Prometheus's API, also when it is an error."""
    query = urllib.parse.urlencode(parameters)
    try:
        with urllib.request.urlopen(f"{url}/api/v1/{path}?{query}", timeout=30) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        return json.load(error)


def queries(dashboard: dict):
    """Each query with the title of its panel."""
    for panel in dashboard["panels"]:
        for target in panel.get("targets", []):
            yield panel["title"], target["expr"]
    for variable in dashboard["templating"]["list"]:
        if variable["type"] == "query":
            yield variable["name"], re.fullmatch(r"label_values\((.*), \w+\)", variable["query"]).group(1)


def main(url: str, path: str) -> int:
    with open(path, encoding="utf-8") as file:
        dashboard = json.load(file)
    known = set(ask(url, "label/__name__/values")["data"])
    faults, asked = [], set()
    for title, query in queries(dashboard):
        for name, value in VARIABLES.items():
            query = query.replace(name, value)
        answer = ask(url, "query", query=query)
        if answer["status"] != "success":
            faults.append(f"{title}: {answer.get('error')}: {query}")
        names = set(re.findall(r"\b(?:oauthwatch|process)_\w+", re.sub(r'"[^"]*"', "", query)))
        asked |= names
        faults += [f"{title}: there is no metric {name}" for name in sorted(names - known)]
    places = [panel["gridPos"] for panel in dashboard["panels"]]
    for number, a in enumerate(places):
        for b in places[:number]:
            apart = a["x"] >= b["x"] + b["w"] or b["x"] >= a["x"] + a["w"] or a["y"] >= b["y"] + b["h"] or b["y"] >= a["y"] + a["h"]
            faults += [] if apart else [f"two panels overlap at {a}"]
    identities = [panel["id"] for panel in dashboard["panels"]]
    faults += [] if len(set(identities)) == len(identities) else ["two panels have one id"]
    print("\n".join(faults) or f"the dashboard: {len(places)} panels, {len(asked)} metrics, all of them there")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
