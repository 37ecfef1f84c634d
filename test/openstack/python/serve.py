"""Serves Keystone or Glance below a path, on a free port of loopback: serve.py keystone|glance /path

Prints `port 4711` once it listens. Ends with its standard input, so that it never outlives the process that started it.
"""

import os
import sys
import threading

import waitress


def application(service):
    if service == "keystone":
        from keystone.server.wsgi import initialize_public_application

        return initialize_public_application()
    from glance.common.wsgi_app import init_app

    return init_app()


def below(path, app):
    """Only requests below the path reach the application; it learns the path as SCRIPT_NAME."""

    def mounted(environ, start_response):
        asked = environ["PATH_INFO"]
        if asked != path and not asked.startswith(path + "/"):
            start_response("404 Not Found", [("Content-Type", "text/plain")])
            return [b"nothing is served here\n"]
        environ["SCRIPT_NAME"], environ["PATH_INFO"] = path, asked[len(path) :]
        return app(environ, start_response)

    return mounted


def end_with_stdin():
    sys.stdin.buffer.read()
    os._exit(0)


if __name__ == "__main__":
    service, path = sys.argv[1:]
    sys.argv[1:] = []  # Both services would read them as options of their own.
    threading.Thread(target=end_with_stdin, daemon=True).start()
    # One thread: SQLite answers "database is locked" to a second writer, which Glance passes on as 500.
    server = waitress.create_server(below(path, application(service)), host="127.0.0.1", port=0, threads=1)
    print(f"port {server.effective_port}", flush=True)
    server.run()
