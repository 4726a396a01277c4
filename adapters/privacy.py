"""Builds what concerns people rather than records: one record a person, and what a person may ask for."""

from functools import cached_property

from adapters.directory import DirectoryServices
from domain.contacts.consent import Consent
from domain.contacts.duplicates import Duplicates
from domain.contacts.erasing import Erasing
from domain.contacts.merging import Merging
from domain.contacts.personal_data import PersonalDataExport
from domain.contacts.suppressing import SuppressionList
from domain.salesflows.joining import Joining


class PrivacyServices(DirectoryServices):
    """A part of the container."""

    @cached_property
    def merging(self) -> Merging:
        return Merging(units=self.units, journeys=Joining(), clock=self.clock, ids=self.ids)

    @cached_property
    def duplicates(self) -> Duplicates:
        return Duplicates(units=self.units, background=self.background_work, clock=self.clock)

    @cached_property
    def consent(self) -> Consent:
        return Consent(units=self.units, stops=Joining(), clock=self.clock)

    @cached_property
    def suppression_list(self) -> SuppressionList:
        return SuppressionList(units=self.units, clock=self.clock)

    @cached_property
    def personal_data(self) -> PersonalDataExport:
        return PersonalDataExport(units=self.units, clock=self.clock)

    @cached_property
    def erasing(self) -> Erasing:
        return Erasing(units=self.units, background=self.background_work, endings=Joining(), clock=self.clock)
