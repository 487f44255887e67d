"""What the containers of docker-compose.yml are given: configuration of the servers, and a health check."""
