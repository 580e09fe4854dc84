"""The commands for Kubernetes and applications, with the names the official program gives them."""

import sys

from teleterm.tsh.flags import CLUSTER, LABELS_HELP, LISTING, QUERY_HELP, output_format, switch
from teleterm.tsh.grammar import Argument, Command, Flag, Kind

SHELLS = ("unix", "command-prompt", "powershell")
_USUAL_SHELL = "powershell" if sys.platform == "win32" else "unix"
_LABELS = Argument(name="labels", help=LABELS_HELP)
_CHOICE = (
    CLUSTER,
    Flag(name="labels", help=LABELS_HELP),
    Flag(name="query", help=QUERY_HELP),
)
_AS_WHOM = (
    Flag(name="as", help="Kubernetes user to act as"),
    Flag(name="as-groups", help="Kubernetes group to act as", kind=Kind.LIST),
    Flag(name="namespace", short="n", help="Default namespace"),
    Flag(name="kube-namespace", hidden=True),
)
_CONTEXT_NAME = Flag(
    name="set-context-name",
    help="Name of the context, in which {{.ClusterName}} and {{.KubeName}} are filled in",
    default="{{.ClusterName}}-{{.KubeName}}",
)

_KUBE = (
    Command(path=("kube",), help="Kubernetes clusters."),
    Command(
        path=("kube", "ls"),
        help="List the Kubernetes clusters.",
        module="kube_ls",
        arguments=(_LABELS,),
        flags=(
            CLUSTER,
            *LISTING,
            output_format(),
            switch("all", "Kubernetes clusters of all clusters and proxies", "R"),
            switch("verbose", "Nothing cut", "v"),
            switch("quiet", "Without header and selection", "q"),
        ),
    ),
    Command(
        path=("kube", "login"),
        help="Write a Kubernetes cluster into the kubeconfig and select it there.",
        module="kube_login",
        arguments=(Argument(name="kube-cluster", help="Name of the Kubernetes cluster"),),
        flags=(
            *_CHOICE,
            *_AS_WHOM,
            switch("all", "Every Kubernetes cluster there is; selects none"),
            _CONTEXT_NAME,
            Flag(name="request-reason", help="Why access is asked for"),
            switch("disable-access-request", "Don't ask for access"),
        ),
    ),
    Command(
        path=("kube", "credentials"),
        help="Print a certificate for kubectl.",
        module="kube_credentials",
        hidden=True,
        flags=(
            Flag(name="teleport-cluster", help="Cluster", required=True),
            Flag(name="kube-cluster", help="Kubernetes cluster", required=True),
        ),
    ),
    Command(
        path=("kube", "sessions"),
        help="List the sessions in Kubernetes clusters that are going on.",
        module="sessions_ls",
        flags=(CLUSTER, output_format()),
    ),
    Command(
        path=("kube", "exec"),
        help="Run a command in a pod.",
        module="kube_exec",
        arguments=(
            Argument(name="target", help="Pod or deployment", required=True),
            Argument(name="command", help="Command to run there", required=True, takes_rest=True),
        ),
        flags=(
            Flag(name="container", short="c", help="Container of the pod"),
            Flag(name="namespace", short="n", help="Namespace"),
            Flag(name="kube-namespace", hidden=True),
            Flag(name="filename", short="f", help="File that names the pod"),
            switch("quiet", "Only what the command prints", "q"),
            switch("stdin", "Hand on standard input", "s"),
            switch("tty", "Ask for a terminal", "t"),
            Flag(name="reason", help="What the session is for"),
            Flag(name="invite", help="People invited to the session"),
            switch("participant-req", "List who must be present in a moderated session"),
        ),
    ),
    Command(
        path=("kubectl",),
        help="Run kubectl, through a local proxy where one is needed.",
        module="kubectl",
        passes_flags=True,
        arguments=(Argument(name="command", help="What kubectl is to do", takes_rest=True),),
    ),
    Command(
        path=("proxy", "kube"),
        help="Open a local port that leads to Kubernetes clusters.",
        module="proxy_kube",
        arguments=(
            Argument(
                name="kube-cluster",
                help="Names of Kubernetes clusters; by default those in the kubeconfig",
                takes_rest=True,
            ),
        ),
        flags=(
            *_CHOICE,
            *_AS_WHOM,
            Flag(name="port", short="p", help="Port to listen on"),
            Flag(
                name="format",
                short="f",
                help=f"How variables are set ({', '.join(SHELLS)})",
                default=_USUAL_SHELL,
                choices=SHELLS,
            ),
            _CONTEXT_NAME,
            switch("exec", "Start a shell that uses the proxy, and end with it"),
        ),
    ),
)

_APPS = (
    Command(path=("apps",), help="Applications.", aliases=("app",)),
    Command(
        path=("apps", "ls"),
        help="List the applications.",
        module="apps_ls",
        arguments=(_LABELS,),
        flags=(
            CLUSTER,
            switch("verbose", "More columns, nothing cut", "v"),
            *LISTING,
            output_format(),
            switch("all", "Applications of all clusters and proxies", "R"),
        ),
    ),
    Command(
        path=("apps", "login"),
        help="Get a certificate for an application.",
        module="apps_login",
        arguments=(Argument(name="app", help="Name of the application", required=True),),
        flags=(
            CLUSTER,
            Flag(name="aws-role", help="AWS role (not used yet)"),
            Flag(name="azure-identity", help="Azure identity (not used yet)"),
            Flag(name="gcp-service-account", help="Google service account (not used yet)"),
            Flag(name="target-port", help="Port of a TCP application", kind=Kind.NUMBER),
            switch("quiet", "Say nothing", "q"),
        ),
    ),
    Command(
        path=("apps", "logout"),
        help="Delete an application's certificate.",
        module="apps_logout",
        arguments=(Argument(name="app", help="Name of the application"),),
        flags=(CLUSTER,),
    ),
    Command(
        path=("apps", "config"),
        help="Print where and how to reach an application.",
        module="apps_config",
        arguments=(Argument(name="app", help="Name of the application"),),
        flags=(
            CLUSTER,
            Flag(
                name="format",
                short="f",
                help="What to print (uri, ca, cert, key, curl, json, yaml)",
            ),
        ),
    ),
    Command(
        path=("proxy", "app"),
        help="Open a local port that leads to an application.",
        module="proxy_app",
        arguments=(Argument(name="app", help="Name of the application", required=True),),
        flags=(
            Flag(
                name="port",
                short="p",
                help="Port to listen on; `1234:5678` names the application's own port too",
            ),
            CLUSTER,
        ),
    ),
)

KUBE_COMMANDS = (*_KUBE, *_APPS)
