"""What people look at: one SQL file per panel, drawn by Grafana and by a page of our own."""
