"""nginx 1.22 with its RTMP module 1.1.4, as recorded."""

from examples import Example, Pages


def stream(name: str, bytes_in: int = 2_134_552) -> str:
    return (
        f"<stream>\n{name and f'<name>{name}</name>'}\n<time>41696</time><bw_in>443264</bw_in>\n"
        f"<bytes_in>{bytes_in}</bytes_in>\n<bw_out>0</bw_out>\n<client><id>1</id><address>127.0.0.1</address>"
        "<publishing/><active/></client>\n<meta><video><width>640</width><height>360</height>"
        "<codec>H264</codec></video><audio></audio></meta>\n<nclients>1</nclients>\n<publishing/>\n<active/>\n</stream>"
    )


def pages(streams: list[str], worker: int = 15711) -> Pages:
    body = (
        '<?xml version="1.0" encoding="utf-8" ?>\n<rtmp>\n<nginx_version>1.22.1</nginx_version>\n'
        f"<pid>{worker}</pid>\n<server>\n"
        f"<application>\n<name>live</name>\n<live>\n{''.join(streams)}</live>\n</application>\n</server>\n</rtmp>"
    )
    return {"/stat": body.encode()}


EXAMPLE = Example(
    kind="nginx_rtmp",
    pages=pages([stream("cam01"), stream("cam02")]),
    kept=2,
    malformed=pages([stream("cam01"), stream("")]),
    empty=pages([]),
    wrong={"/stat": b"<statistics/>"},
)
