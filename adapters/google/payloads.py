"""Gmail's JSON, as far as we read it (64-bit numbers are strings, empty lists are absent)."""

from pydantic import BaseModel, ConfigDict, Field


class Wire(BaseModel):
    """What we do not read may change as it likes."""

    model_config = ConfigDict(extra="ignore", frozen=True, populate_by_name=True)


class WireProfile(Wire):
    email_address: str = Field(alias="emailAddress")
    history_id: str = Field(alias="historyId")


class WireHeader(Wire):
    name: str
    value: str


class WirePayload(Wire):
    headers: list[WireHeader] = []


class WireMessage(Wire):
    id: str
    thread_id: str = Field("", alias="threadId")
    label_ids: list[str] = Field([], alias="labelIds")
    internal_date: str = Field("0", alias="internalDate")
    payload: WirePayload = WirePayload()
    raw: str = ""

    def header(self, name: str) -> str | None:
        """The last header of this name."""
        found = [header.value for header in self.payload.headers if header.name.lower() == name.lower()]
        return found[-1] if found else None


class WireDraft(Wire):
    id: str
    message: WireMessage


class WireDrafts(Wire):
    drafts: list[WireDraft] = []
    next_page_token: str | None = Field(None, alias="nextPageToken")


class WireMessages(Wire):
    messages: list[WireMessage] = []
    next_page_token: str | None = Field(None, alias="nextPageToken")


class WireThread(Wire):
    messages: list[WireMessage] = []


class WireAdded(Wire):
    message: WireMessage


class WireHistoryLine(Wire):
    id: str = ""
    messages_added: list[WireAdded] = Field([], alias="messagesAdded")


class WireHistory(Wire):
    history: list[WireHistoryLine] = []
    next_page_token: str | None = Field(None, alias="nextPageToken")
    history_id: str = Field("", alias="historyId")
