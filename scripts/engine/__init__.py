"""The recovery engine: plan, journal, lease, runner, report.

    Plan ─► Runner ─► (lease, journal in an ObjectStore) ─► StepKind.look / act / verify / undo ─► Report

It knows neither Fly nor AWS: what a step does comes in through `Kinds`, where it is written down through
`ObjectStore`. It must never import a cloud's SDK, the rooms that read or change a cloud, or pulumi.
"""
