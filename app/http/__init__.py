"""HTTP for all channels: errors, authentication, idempotency, limits, headers, metrics, OpenAPI. Knows no business."""
