"""Why a file is no recording that can be played on the phone."""

from domain.calls.model import FILE
from domain.shared.errors import InvalidField


def unknown() -> InvalidField:
    """It is something else."""
    return InvalidField(FILE, "not_a_recording", "Choose a WAV or MP3 file.")


def cut_off() -> InvalidField:
    """It ends before the recording does."""
    return InvalidField(FILE, "recording_cut_off", "The file ends in the middle of the recording. Save it again.")


def damaged() -> InvalidField:
    """No player would make sense of it."""
    return InvalidField(FILE, "recording_damaged", "The file is damaged. Save the recording again.")


def other_coding() -> InvalidField:
    """A WAV file of a kind that phones are not sure to play."""
    message = "Save the WAV file as 16-bit PCM, mono or stereo, with up to 48 kHz."
    return InvalidField(FILE, "recording_coding", message)
