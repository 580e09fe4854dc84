"""The commands for databases, with the names the official program gives them."""

from teleterm.tsh.flags import (
    CLUSTER,
    LABELS_HELP,
    LISTING,
    QUERY_HELP,
    SEARCH_HELP,
    output_format,
    switch,
)
from teleterm.tsh.grammar import Argument, Command, Flag, Kind

_DB_CHOICE = (
    CLUSTER,
    Flag(name="labels", help=LABELS_HELP),
    Flag(name="query", help=QUERY_HELP),
)
_DB_USER = (
    Flag(name="db-user", short="u", help="Database user"),
    Flag(name="db-name", short="n", help="Database name"),
    Flag(name="db-roles", short="r", help="Database roles for a user made on the fly"),
)
_DB_ROUTE = (
    *_DB_USER,
    Flag(name="request-reason", help="Why access is asked for"),
    switch("disable-access-request", "Don't ask for access"),
)
_DB_ARGUMENT = (Argument(name="db", help="Name of the database"),)

DATABASE_COMMANDS = (
    Command(path=("db",), help="Databases."),
    Command(
        path=("db", "ls"),
        help="List the databases.",
        module="db_ls",
        arguments=(Argument(name="labels", help=LABELS_HELP),),
        flags=(
            CLUSTER,
            switch("verbose", "More columns, nothing cut", "v"),
            *LISTING,
            output_format(),
            switch("all", "Databases of all clusters and proxies", "R"),
        ),
    ),
    Command(
        path=("db", "login"),
        help="Get a certificate for a database.",
        module="db_login",
        arguments=_DB_ARGUMENT,
        flags=(*_DB_CHOICE, *_DB_ROUTE),
    ),
    Command(
        path=("db", "logout"),
        help="Delete a database's certificate.",
        module="db_logout",
        arguments=_DB_ARGUMENT,
        flags=_DB_CHOICE,
    ),
    Command(
        path=("db", "env"),
        help="Print environment variables for a database's client.",
        module="db_env",
        arguments=_DB_ARGUMENT,
        flags=(*_DB_CHOICE, output_format()),
    ),
    Command(
        path=("db", "config"),
        help="Print where and how to connect to a database.",
        module="db_config",
        arguments=_DB_ARGUMENT,
        flags=(*_DB_CHOICE, output_format(("text", "cmd", "json", "yaml"))),
    ),
    Command(
        path=("db", "connect"),
        help="Open a database with its own client.",
        module="db_connect",
        arguments=_DB_ARGUMENT,
        flags=(
            *_DB_CHOICE,
            *_DB_ROUTE,
            switch("disable-db-prompts", "Don't ask for a missing user or name"),
            switch("tunnel", "", hidden=True),
        ),
    ),
    Command(
        path=("db", "exec"),
        help="Run one command on one database or on several.",
        module="db_exec",
        arguments=(Argument(name="command", help="What the database shall do", required=True),),
        flags=(
            CLUSTER,
            *_DB_USER,
            Flag(name="search", help=SEARCH_HELP),
            Flag(name="labels", help=LABELS_HELP),
            Flag(
                name="parallel",
                help="How many databases at the same time, up to 10",
                kind=Kind.NUMBER,
                default="1",
            ),
            Flag(name="output-dir", help="New folder for the outputs and summary.json"),
            Flag(name="dbs", help="Names of the databases, separated by commas"),
            Flag(
                name="confirm",
                help="Ask before the command is run on databases that were looked for",
                kind=Kind.SWITCH,
                default="true",
            ),
            switch("disable-db-prompts", "Don't ask for a missing user or name"),
        ),
    ),
    Command(
        path=("proxy", "db"),
        help="Open a local port that leads to a database.",
        module="proxy_db",
        arguments=_DB_ARGUMENT,
        flags=(
            switch("insecure-listen-anywhere", "Allow other computers to use the port"),
            Flag(name="listen", help="Address to listen on"),
            Flag(name="port", short="p", help="Port to listen on"),
            switch("tunnel", "Authenticate for the client: no certificate, no password"),
            *_DB_CHOICE,
            *_DB_ROUTE,
        ),
    ),
)
