"""Builds everything around contacts that takes longer than a request, and what people keep about their contacts."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from functools import cached_property
from typing import Any

from adapters.feed_bus import RedisFeedBus
from adapters.ids import RandomIds
from adapters.postgres.unit_of_work import PostgresUnits
from adapters.settings import Settings
from adapters.tabular.reading import TabularFiles
from domain.background.ports import AnyPiecework
from domain.background.service import BackgroundWork
from domain.contacts.bulk import Bulk, BulkAct, BulkPiecework, kind_of
from domain.contacts.bulk_acts import AddToList, Delete, RemoveFromList, SetOwner, SetStatus
from domain.contacts.duplicates import KIND as DUPLICATE_SEARCH
from domain.contacts.duplicates import DuplicateSearch
from domain.contacts.erasing import KIND as ERASURE
from domain.contacts.erasing import Erasure
from domain.contacts.exporting import Export
from domain.contacts.fields import OwnFields
from domain.contacts.imports.model import KIND as IMPORT
from domain.contacts.imports.reading_ahead import Reading
from domain.contacts.imports.service import Imports
from domain.contacts.imports.taking_in import TakingIn
from domain.contacts.lists import Lists
from domain.contacts.notes import Notes
from domain.contacts.statuses import KIND as STATUS_REPLACEMENT
from domain.contacts.statuses import Replacing, Statuses
from domain.contacts.views import Views
from domain.salesflows.bulk_enrolling import AddToSalesflow
from domain.salesflows.enrolling import Enrolling
from domain.shared.clock import Clock

# Pieces take a second and people look on: nobody who has died is waited for as long as where emails are sent.
LONGEST_LEASE_SECONDS = 15.0


class DirectoryServices(ABC):
    """A part of the container."""

    settings: Settings
    resources: AsyncExitStack
    clock: Clock
    ids: RandomIds

    @property
    @abstractmethod
    def units(self) -> PostgresUnits: ...

    @property
    @abstractmethod
    def feed_bus(self) -> RedisFeedBus: ...

    @property
    @abstractmethod
    def enrolling(self) -> Enrolling: ...

    @cached_property
    def lists(self) -> Lists:
        return Lists(units=self.units, clock=self.clock, ids=self.ids)

    @cached_property
    def views(self) -> Views:
        return Views(units=self.units, clock=self.clock, ids=self.ids)

    @cached_property
    def own_fields(self) -> OwnFields:
        return OwnFields(units=self.units, clock=self.clock, ids=self.ids)

    @cached_property
    def statuses(self) -> Statuses:
        return Statuses(units=self.units, background=self.background_work, clock=self.clock, ids=self.ids)

    @cached_property
    def notes(self) -> Notes:
        return Notes(units=self.units, clock=self.clock, ids=self.ids)

    @cached_property
    def bulk(self) -> Bulk:
        return Bulk(units=self.units, background=self.background_work, acts=[*self.bulk_acts, self.contact_export])

    @cached_property
    def bulk_acts(self) -> Sequence[BulkAct[Any]]:
        """What can be done to many contacts at once, and taken back."""
        return [SetStatus(), SetOwner(), AddToList(), RemoveFromList(), AddToSalesflow(self.enrolling), Delete()]

    @cached_property
    def contact_export(self) -> Export:
        return Export(self.clock)

    @cached_property
    def tables(self) -> TabularFiles:
        files = TabularFiles()
        self.resources.push_async_callback(files.close)
        return files

    @cached_property
    def imports(self) -> Imports:
        return Imports(
            units=self.units, background=self.background_work, tables=self.tables, clock=self.clock, ids=self.ids
        )

    @cached_property
    def pieceworks(self) -> Mapping[str, AnyPiecework]:
        """How each kind of background job is done."""
        return {
            **{kind_of(act.kind): BulkPiecework(act, self.clock) for act in self.bulk_acts},
            kind_of(self.contact_export.kind): self.contact_export,
            STATUS_REPLACEMENT: Replacing(self.clock),
            DUPLICATE_SEARCH: DuplicateSearch(),
            ERASURE: Erasure(self.clock),
            IMPORT: TakingIn(reading=Reading(self.units, self.tables), clock=self.clock),
        }

    @cached_property
    def background_work(self) -> BackgroundWork:
        return BackgroundWork(
            units=self.units,
            pieceworks=self.pieceworks,
            bells=self.feed_bus,
            clock=self.clock,
            ids=self.ids,
            lease_seconds=min(self.settings.lease_seconds, LONGEST_LEASE_SECONDS),
        )
