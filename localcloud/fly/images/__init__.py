"""The images a local machine can run: a small web app and its misbehaving relatives, and who is which.

An image here is a Python module run as a process of this host. It must stay small (an idle machine is a
process somebody's laptop carries) and must stop by itself when its parent is gone.
"""
