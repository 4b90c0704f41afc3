"""How PostgreSQL's own programs are run on this machine; the servers are other rooms' business."""
