import msgspec

from teleterm.main import demo

LINE = """{"proxy":"localhost:1","root":"r","leaf":"l","user":"alice","password":"p",
"totp_secret":"GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ","ca_file":"/ca.pem","extra":1,
"nodes":[{"cluster":"r","hostname":"web-1","logins":["alice"]}],
"databases":[{"name":"one","online":false},{"name":"two","online":true,"users":["bob"]}]}"""


def test_reads_the_line_of_a_demo() -> None:
    facts = msgspec.json.decode(LINE, type=demo.DemoFacts)
    assert facts.nodes[0].hostname == "web-1"
    database = demo.live_database(facts)
    assert database is not None
    assert (database.name, database.users) == ("two", ["bob"])


def test_says_how_to_log_in_by_hand() -> None:
    text = demo.how_to(msgspec.json.decode(LINE, type=demo.DemoFacts))
    for word in (
        "localhost:1",
        "alice",
        "SSL_CERT_FILE=/ca.pem ",
        "tsh login --proxy=localhost:1 --user=alice",
        "web-1 (r)",
    ):
        assert word in text
