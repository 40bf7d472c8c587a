"""Tables that come from and go to spreadsheets: declared once, read, checked, compared, written, exported."""
