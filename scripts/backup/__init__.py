"""Backups that prove themselves, the deciding half: manifest, levels, listing, retention; no I/O in here.

    keys          where the objects of a backup lie
    sealed        how objects are written, so that damage shows
    manifest      what a finished backup is: parts, rows, moment, restore set
    contents      the dump's own table of contents, and the files it demands
    data_file     how many rows a file of the dump holds, and whether it ends as it has to
    forecast      whether the spool will hold it
    levels        L0-L4, and what records of verification prove together
    listing       which backups there are, and what interrupted ones left
    retention     which backups may go

The doing half is `scripts/actions/backup_*.py`.
"""
