"""From transitions to alerts, notices and deliveries."""
