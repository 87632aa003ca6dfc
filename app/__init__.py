"""Gongyue 工约: the open platform on which employers and workers conclude labour contracts."""
