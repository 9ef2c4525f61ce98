# Sends a body of so many bytes to an address with http.client on one object, which keeps its connection as long as
# the server says that it may, again and again, and prints how each was answered:
# python3 client.py TIMES BYTES WHOLE|CHUNKED METHOD ADDRESS [HEADER VALUE]...

import http.client
import sys
from urllib.parse import urlsplit

times, size, kind, method, address, *pairs = sys.argv[1:]
size = int(size)
url = urlsplit(address)
headers = dict(zip(pairs[::2], pairs[1::2]))
connection = http.client.HTTPConnection(url.hostname, url.port, timeout=60)


def body():
    if kind == "WHOLE":
        return b"x" * size
    return (b"x" * min(65536, size - start) for start in range(0, size, 65536))


for _ in range(int(times)):
    try:
        path = url.path + ("?" + url.query if url.query else "")
        connection.request(method, path, body(), headers, encode_chunked=kind == "CHUNKED")
        answer = connection.getresponse()
        answer.read()
        print(answer.status)
    except Exception as error:
        print(repr(error))
        connection.close()
