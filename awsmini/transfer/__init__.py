"""The S3 engine: sources → compare → plan → tasks → results. It knows nothing of commands."""
