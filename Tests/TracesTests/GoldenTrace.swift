/// What `TraceDocumentTests` expects to be written.
let goldenTrace = #"""
    {
      "metadata": {
        "verdict": "degraded",
        "kind": "login",
        "server_url": "http://127.0.0.1:8000",
        "username": "testuser",
        "client_name": "Claude Desktop",
        "timestamp": "2026-11-23T06:55:01.000001+00:00",
        "total_requests": 1,
        "target": "lab",
        "duration_seconds": 0.25,
        "revision": null,
        "version": "1.0.0",
        "redacted": true
      },
      "sequence_summary": {
        "client_id": "client_123",
        "auth_code_received": true,
        "access_token_received": false,
        "refresh_token_received": false
      },
      "trace_log": [
        {
          "timestamp": "2026-11-23T06:55:01.000001+00:00",
          "type": "request",
          "step": "token",
          "method": "POST",
          "url": "http://127.0.0.1:8000/token?x=1&y=2&x=3",
          "headers": {
            "Host": "127.0.0.1:8000",
            "Accept": "*/*"
          },
          "params": {
            "x": [
              "1",
              "3"
            ],
            "y": "2"
          },
          "data": {
            "grant_type": "authorization_code",
            "code": "<redacted:4a621a6e>"
          },
          "json": null
        },
        {
          "timestamp": "2026-11-23T06:55:01.005001+00:00",
          "type": "response",
          "step": "token",
          "status_code": 200,
          "headers": {
            "content-type": "application/json",
            "vary": [
              "a",
              "b"
            ]
          },
          "json": {
            "access_token": "<redacted:bcce7945>",
            "expires_in": 3600
          },
          "text": "{\"access_token\":\"<redacted:bcce7945>\",\"expires_in\":3600}",
          "body_bytes": 53,
          "http_version": "1.1",
          "remote_address": "127.0.0.1:8000",
          "phases": {
            "name_lookup": 0.0,
            "connect": 0.001,
            "tls": 0.0,
            "first_byte": 0.002,
            "transfer": 0.0
          },
          "tls": null
        }
      ],
      "steps": [
        {
          "step": "token",
          "outcome": "passed",
          "duration_seconds": 0.005,
          "status": 200
        }
      ],
      "findings": [
        {
          "check": "token.no-store",
          "step": "token",
          "severity": "warning",
          "layer": "authorization-server",
          "message": "No Cache-Control.",
          "evidence": "none",
          "remedy": "Send it.",
          "source": "RFC 6749 §5.1"
        }
      ],
      "verdict": "degraded"
    }

    """#
