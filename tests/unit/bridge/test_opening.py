from teleterm.bridge import opening

GLANCE = opening.Glance(
    geometry="800x600+0+0", ground="#000000", left=1, top=2, width=300, height=200, cols=40,
    rows=10, margin=6, family="DejaVu Sans Mono", font_px=14, line_height=1.2,
    minimum_contrast=4.5, cursor_style="block", has_emoji_hazard=True, foreground="#ffffff",
    background="#000000", cursor="#ffffff", palette=("#000000",) * 16,
)  # fmt: skip


def made(version: int = opening.VERSION, argv: tuple[str, ...] = ("/bin/sh",)) -> opening.Opening:
    shell = opening.Shell(
        argv=argv, cwd="/", sets={}, drops=(), path_first="", scrollback=1, linger_s=1.0, note=""
    )
    return opening.Opening(version=version, config=(1, 2), shell=shell, glance=GLANCE)


def test_what_was_written_is_read() -> None:
    assert opening.read(opening.pack(made())) == made()


def test_what_does_not_fit_is_an_ordinary_start() -> None:
    good = opening.pack(made())
    for bad in (
        b"",
        b"\xff\xfe",
        b"[" * 100_000,
        good[:-5],
        good.replace(b'"rows":10', b'"rows":0'),
        good.replace(b'"rows":10', b'"rows":"10"'),
        opening.pack(made(version=opening.VERSION + 1)),
        opening.pack(made(argv=())),
    ):
        assert opening.read(bad) is None
