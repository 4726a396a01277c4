"""The server of the API: uvicorn, which waits for open answers when it stops."""

import socket

import uvicorn

# The application leaves here, in the state of its lifespan, what ends answers that would stay open.
END_STREAMS = "end_streams"


class Server(uvicorn.Server):
    """Ends what would stay open before it waits."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        end_streams = self.lifespan.state.get(END_STREAMS)
        if end_streams:
            end_streams()
        await super().shutdown(sockets)
