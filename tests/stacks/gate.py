"""What the gate says of a server, beside what the server really offers."""


def refused(inventory):
    """The codes that count as refused."""
    return {code for offer in inventory["refused"] for span in offer["offered"]
            for code in range(int(span["first"], 16), int(span["last"], 16) + 1)}


def named(inventory, kind="accepted"):
    return {int(one["code"], 16) for one in inventory[kind]}


def compare(evidence, real, groups, kinds, result, how):
    """Notes in `result` what is untrue, what is open and a server that was asked too much.

    real: {version: {suite: kind}}; groups: {version: groups}; kinds: of SSL 2.0.
    """
    tls = evidence["tls"]
    spoken = {version: bool(suites) for version, suites in real.items()} | {"SSL 2.0": bool(kinds)}
    for offer in tls["versions"]:
        version, answer = offer["version"], offer["answer"]
        if answer == "not_supported" and spoken[version]:
            result.problems.append(f"{how}: {version} is spoken, but: {offer['reason']}")
        elif answer == "supported" and not spoken[version]:
            result.problems.append(f"{how}: {version} is not spoken")
        elif answer not in ("supported", "not_supported"):
            result.problems.append(f"{how}: open: {version}: {offer['reason']}")
    for inventory in tls["suites"]:
        version = inventory["version"]
        accepted = {suite for suite, kind in real[version].items() if kind == "accepted"}
        result.bad(f"{how}: suites false", {(version, suite) for suite in named(inventory) - set(real[version])})
        result.bad(f"{how}: suites refused that are accepted", {(version, suite) for suite in refused(inventory) & accepted})
        # Versions that no profile wants are asked for one suite; the others for all that is forbidden.
        if inventory["incomplete_reason"] not in USUAL_REASONS and not inventory["complete"]:
            result.problems.append(f"{how}: open: suites of {version}: {inventory['incomplete_reason']}")
    for inventory in tls["groups"]:
        version = inventory["version"]
        if version not in groups:
            continue
        result.bad(f"{how}: groups false", {(version, group) for group in named(inventory) - groups[version]})
        result.bad(f"{how}: groups refused that are accepted",
                   {(version, group) for group in refused(inventory) & groups[version]})
        if inventory["incomplete_reason"] not in USUAL_REASONS and not inventory["complete"]:
            result.problems.append(f"{how}: open: groups of {version}: {inventory['incomplete_reason']}")


USUAL_REASONS = ("only what the profile forbids was offered, and once", "one accepted suite was enough")
