"""The server of the API: uvicorn, which waits for open answers when it stops."""

import gc
import socket

import uvicorn

# The application leaves here, in the state of its lifespan, what ends answers that would stay open.
END_STREAMS = "end_streams"
# An answer is hundreds of objects that are in no circles: to look for some at Python's 700 costs a third of the pages.
LOOKED_THROUGH_AT = 20_000


class Server(uvicorn.Server):
    """Ends what would stay open before it waits. What it begins with stays, and is not looked through for garbage."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        gc.collect()
        gc.freeze()
        gc.set_threshold(LOOKED_THROUGH_AT)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        end_streams = self.lifespan.state.get(END_STREAMS)
        if end_streams:
            end_streams()
        await super().shutdown(sockets)
