"""Starts, watches and ends the processes of the local cloud.

`up`, `down`, `reset` are what an operator asks for, from any process; they start or signal one background
process, `supervisor`, which owns every child (`watch`: one service, `child`: one process) and listens on
nothing. What it knows it writes into the `record`, which `status` compares with the living processes.
"""
