"""The command line of the local cloud: what is asked for, in words, around `supervisor` and `stack`.

Each file is one command; the entry point imports it when it is called. Data goes to stdout, progress to
stderr.
"""
