"""Importing people: what becomes of each row, how those are mended that were not taken, and how it is taken back."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import pytest

from domain.activities.model import Activity, ActivityType
from domain.shared.ids import ContactId
from tests.api.importing import ANN, BOB, HEADER, Desk, a_file, counted

pytestmark = pytest.mark.anyio


@pytest.fixture
async def desk(new_organization: Any) -> AsyncIterator[Desk]:
    organization = await new_organization()
    async with await organization.as_contributor() as client:
        yield Desk(client, organization)


@pytest.fixture
async def boss(desk: Desk) -> AsyncIterator[Desk]:
    async with await desk.organization.as_administrator() as client:
        yield Desk(client, desk.organization)


# What becomes of the rows


async def test_new_people_are_contacts_as_if_they_were_added_by_hand(desk: Desk) -> None:
    done = await desk.take_in(a_file([ANN, BOB]))
    ann = await desk.person("ann lee")

    assert (done["state"], done["counts"], done["done"], done["total"]) == ("done", counted(created=2), 2, 2)
    shown = {
        name: ann[name] for name in ("first_name", "last_name", "email", "business_phone", "city", "status", "version")
    }
    assert shown == {
        "first_name": "Ann",
        "last_name": "Lee",
        "email": "ann@x.example",
        "business_phone": "+16175004900",
        "city": "Boston",
        "status": "New",
        "version": 1,
    }
    assert ann["owner"]["id"] == str(desk.organization.contributor.user_id)
    assert (ann["email_state"], ann["created_at"]) == ("ok", ann["last_activity_at"])
    assert await desk.happened(ann) == ["contact_created"]
    for q in ("ann", "lee", "ANN@x", "617 500 4900", "0171 123"):
        assert len(await desk.people(q=q)) == 1, q


async def test_they_are_listed_as_they_stand_in_the_file(desk: Desk) -> None:
    rows = [["", f"Person {number}", f"{number * 7 % 50}@x.example", "", ""] for number in range(50)]
    await desk.take_in(a_file(rows))

    listed = [person["last_name"] for person in await desk.people(sort="created_at")]
    assert listed == [row[1] for row in rows]


@pytest.mark.parametrize("name", ["-", "!!!", "…", "\\N", "\u200b"])
async def test_people_whose_name_has_no_word_are_taken_too(desk: Desk, name: str) -> None:
    done = await desk.take_in(a_file([["", name, "", "", ""], ANN]))

    assert (done["state"], done["counts"]) == ("done", counted(created=2))
    assert {person["last_name"] for person in await desk.people()} == {name, "Lee"}


async def test_rows_that_are_not_taken_are_told_with_line_and_reason(desk: Desk) -> None:
    rows = [
        ANN,
        [],
        ["", "Bad", "not-an-address", "", "=1+1"],
        ["", "Twice", "ANN@x.example", "", ""],
        ["", "", "", "", "Oslo"],
    ]
    done = await desk.take_in(a_file(rows))

    assert done["counts"] == counted(created=1, skipped=1, failed=2)
    assert done["errors_url"] == f"/contacts/imports/{done['id']}/errors.csv"
    errors = await desk.errors(done)
    assert [(row["line"], row["reason"]) for row in errors] == [
        ("4", "Email: Give an email address, like ann@example.com."),
        ("5", "The same person comes in line 2 already."),
        ("6", "The last name is missing."),
    ]
    assert (errors[0]["Last name"], errors[0]["City"]) == ("Bad", "'=1+1")


async def test_the_rows_that_failed_can_be_mended_and_taken_in(desk: Desk) -> None:
    done = await desk.take_in(a_file([ANN, ["", "Bad", "not-an-address", "", "=1+1"]]))
    answer = await desk.client.get(f"/contacts/imports/{done['id']}/errors.csv")
    again = await desk.take_in(answer.content.replace(b"not-an-address", b"bad@x.example"))

    assert again["counts"] == counted(created=1)
    assert (await desk.person("bad@x.example"))["city"] == "=1+1"


async def test_the_same_file_again_changes_nothing(desk: Desk) -> None:
    await desk.take_in(a_file([ANN, BOB, ["", "Nomail", "", "(617) 500-4901", ""]]))
    again = await desk.take_in(a_file([ANN, BOB, ["", "Nomail", "", "(617) 500-4901", ""]]))

    assert again["counts"] == counted(unchanged=3)
    assert [person["version"] for person in await desk.people()] == [1, 1, 1]


async def test_what_is_missing_is_filled_in(desk: Desk) -> None:
    await desk.take_in(a_file([["", "Lee", "ann@x.example", "", "Boston"]]))
    done = await desk.take_in(a_file([["Ann", "Leigh", "ann@x.example", "(617) 500-4900", "Berlin"]]))
    ann = await desk.person("ann@x.example")

    assert done["counts"] == counted(updated=1)
    assert (ann["name"], ann["city"], ann["business_phone"], ann["version"]) == ("Ann Lee", "Boston", "+16175004900", 2)
    assert len(await desk.people(q="ann lee 6175004900")) == 1


async def test_what_the_file_says_can_overwrite(desk: Desk) -> None:
    await desk.take_in(a_file([ANN]))
    done = await desk.take_in(a_file([["Anna", "Leigh", "ann@x.example", "", "Berlin"]]), on_existing="overwrite")
    ann = await desk.person("anna leigh")

    assert done["counts"] == counted(updated=1)
    assert (ann["city"], ann["business_phone"]) == ("Berlin", "+16175004900")
    assert await desk.people(q="ann lee") == []


async def test_those_who_are_known_can_be_left_alone(desk: Desk) -> None:
    await desk.take_in(a_file([ANN]))
    done = await desk.take_in(a_file([["Anna", "Leigh", "ann@x.example", "", "Berlin"], BOB]), on_existing="skip")

    assert done["counts"] == counted(created=1, skipped=1)
    assert [row["reason"] for row in await desk.errors(done)] == ["This person is known already."]


async def test_only_those_who_are_known_need_no_last_name(desk: Desk) -> None:
    await desk.take_in(a_file([ANN]))
    done = await desk.take_in(
        a_file([["ann@x.example", "Berlin"], ["new@x.example", "Oslo"]], ["Email", "City"]), on_existing="overwrite"
    )

    assert done["counts"] == counted(updated=1, failed=1)


async def test_new_people_get_the_status_owner_and_list_of_the_import(desk: Desk, boss: Desk) -> None:
    people = (await desk.client.post("/contacts/lists", json={"name": f"List {uuid4().hex[:6]}"})).json()
    await desk.take_in(a_file([ANN]))
    owner = str(desk.organization.administrator.user_id)
    await desk.take_in(a_file([ANN, BOB]), status="Open", owner_id=owner, list_id=people["id"])
    ann, bob = await desk.people()

    assert (ann["status"], bob["status"], bob["owner"]["id"]) == ("New", "Open", owner)
    assert len(await desk.people(list_id=people["id"])) == 2


async def test_columns_can_say_status_and_owner(desk: Desk) -> None:
    boss = desk.organization.administrator_email
    header = ["Last name", "Email", "Status", "Owner"]
    rows = [
        ["Lee", "ann@x.example", "open", boss.upper()],
        ["Ray", "bob@x.example", "Nonsense", ""],
        ["Doe", "c@x.example", "", "nobody"],
    ]
    done = await desk.take_in(a_file(rows, header))

    assert done["counts"] == counted(created=1, failed=2)
    ann = await desk.person("ann@x.example")
    assert (ann["status"], ann["owner"]["id"]) == ("Open", str(desk.organization.administrator.user_id))


async def test_without_addresses_people_are_known_by_phone_and_name(desk: Desk) -> None:
    ann, bob = ["Ann", "Lee", "", "(617) 500-4900", ""], ["Bob", "Ray", "bob@x.example", "617 500 4901", ""]
    await desk.take_in(a_file([ann, bob]))
    rows = [
        ["ANN", "Lee", "ann@x.example", "+1 617 500 4900", "Oslo"],
        ["Bob", "Ray", "", "617-500-4901", "Bergen"],
        ["Carl", "Lee", "", "617 500 4900", ""],
    ]
    done = await desk.take_in(a_file(rows))

    assert done["counts"] == counted(updated=2, created=1)
    assert [(one["name"], one["email"], one["city"]) for one in await desk.people()] == [
        ("Carl Lee", None, None),
        ("Ann Lee", "ann@x.example", "Oslo"),
        ("Bob Ray", "bob@x.example", "Bergen"),
    ]


async def test_two_addresses_are_two_people_whatever_their_phone_and_name(desk: Desk) -> None:
    await desk.take_in(a_file([BOB]))

    assert (await desk.take_in(a_file([[*BOB[:2], "other@x.example", *BOB[3:]]])))["counts"] == counted(created=1)


async def test_three_encodings_in_one_file_cost_their_rows_alone(desk: Desk) -> None:
    rows = [f"Last{number},a{number}@x.example,Köln\n".encode() for number in range(5)]
    rows += ["Müller,m@x.example,Köln\n".encode("cp1252"), "Иван,i@x.example,Москва\n".encode("cp1251")]
    done = await desk.take_in(b"Last name,Email,City\n" + b"".join(rows))

    assert done["counts"] == counted(created=5, failed=2)
    assert {row["line"] for row in await desk.errors(done)} == {"7", "8"}


async def test_wrong_quotes_cost_their_rows_alone(desk: Desk) -> None:
    rows = (
        b'Lee,ann@x.example\n"Ray,bob@x.example\nDoe,c@x.example\nJoe "the man" Smith,d@x.example\n"J" S,e@x.example\n'
    )
    done = await desk.take_in(b"Last name,Email\n" + rows)

    assert done["counts"] == counted(created=3, failed=2)
    assert [(row["line"], row["Last name"]) for row in await desk.errors(done)] == [
        ("3", '"Ray,bob@x.example'),
        ("6", '"J" S,e@x.example'),
    ]


async def test_nul_and_endless_lines_cost_their_rows_alone(desk: Desk) -> None:
    filler = b"".join(b"P%d,p%d@x.example\n" % (number, number) for number in range(500))
    rows = filler + b"L\0ee,ann@x.example\n" + b"x" * 5_000_000 + b"\nRay,bob@x.example\n"
    done = await desk.take_in(b"Last name,Email\n" + rows)

    assert done["counts"] == counted(created=501, failed=2)
    assert [(row["line"], len(row["Last name"]) < 3_000) for row in await desk.errors(done)] == [
        ("502", True),
        ("503", True),
    ]


async def test_duplicate_names_of_columns_are_told_apart(desk: Desk) -> None:
    found = await desk.upload(b"Last name,Email,Email\nLee,,ann@x.example\n")
    mapping = {"Last name": "last_name", "Email (2)": "email"}

    assert [column["name"] for column in found["columns"]] == ["Last name", "Email", "Email (2)"]
    done = await desk.done((await desk.ask_to_start(found, mapping=mapping)).json())
    assert done["counts"] == counted(created=1)


# Taking it back


async def test_taking_back_removes_who_was_created_and_restores_what_was_changed(desk: Desk) -> None:
    await desk.take_in(a_file([ANN]))
    done = await desk.take_in(a_file([["Anna", "Leigh", "ann@x.example", "", "Berlin"], BOB]), on_existing="overwrite")
    back = await desk.undo(done)
    [ann] = await desk.people()

    assert (back["state"], back["taken_back"]) == ("undone", {"removed": 1, "restored": 1, "kept": 0})
    assert back["counts"] == done["counts"]
    assert (ann["name"], ann["city"], ann["version"]) == ("Ann Lee", "Boston", 3)
    assert len(await desk.people(q="ann lee")) == 1
    assert await desk.people(q="leigh") == []
    assert not back["can_undo"]


async def test_what_was_changed_since_stays(desk: Desk) -> None:
    await desk.take_in(a_file([ANN]))
    done = await desk.take_in(a_file([["Ann", "Leigh", "ann@x.example", "", "Berlin"], BOB]), on_existing="overwrite")
    ann, bob = await desk.people()
    await desk.client.patch(f"/contacts/{ann['id']}", json={"city": "Oslo"})
    await desk.client.patch(f"/contacts/{bob['id']}", json={"job_title": "CFO"})
    back = await desk.undo(done)
    ann, bob = await desk.people()

    assert back["taken_back"] == {"removed": 0, "restored": 1, "kept": 1}
    assert (ann["name"], ann["city"], bob["job_title"]) == ("Ann Lee", "Oslo", "CFO")


async def test_whom_something_has_happened_with_stays(desk: Desk) -> None:
    done = await desk.take_in(a_file([ANN, BOB]))
    ann, _ = await desk.people()
    container, who = desk.organization.running.container, desk.organization.contributor
    async with container.units.of(who.organization_id) as unit:
        called = Activity(ActivityType.EMAIL_REPLIED, container.clock.now(), ContactId(UUID(ann["id"])), who.user_id)
        await unit.activities.append([called])
    back = await desk.undo(done)

    assert back["taken_back"] == {"removed": 1, "restored": 0, "kept": 1}
    assert [person["name"] for person in await desk.people()] == ["Ann Lee"]


async def test_taking_back_takes_people_off_the_list_of_the_import_alone(desk: Desk) -> None:
    await desk.take_in(a_file([ANN, BOB]))
    people = (await desk.client.post("/contacts/lists", json={"name": f"List {uuid4().hex[:6]}"})).json()
    ann, _ = await desk.people()
    await desk.client.post(f"/contacts/lists/{people['id']}/members", json={"contact_ids": [ann["id"]]})
    done = await desk.take_in(a_file([ANN, BOB]), list_id=people["id"])
    assert len(await desk.people(list_id=people["id"])) == 2
    await desk.undo(done)

    assert [one["name"] for one in await desk.people(list_id=people["id"])] == ["Ann Lee"]
    assert len(await desk.people()) == 2


async def test_who_was_taken_back_can_be_taken_in_again(desk: Desk) -> None:
    await desk.undo(await desk.take_in(a_file([ANN])))

    assert (await desk.take_in(a_file([ANN])))["counts"] == counted(created=1)


async def test_statuses_that_an_import_changes_are_told_and_taken_back(desk: Desk) -> None:
    header = ["Last name", "Email", "Status"]
    await desk.take_in(a_file([["Lee", "ann@x.example", "New"]], header))
    done = await desk.take_in(a_file([["Lee", "ann@x.example", "Open"]], header), on_existing="overwrite")
    ann = await desk.person("ann@x.example")
    assert (ann["status"], await desk.happened(ann)) == ("Open", ["contact_status_changed", "contact_created"])
    await desk.undo(done)

    ann = await desk.person("ann@x.example")
    assert (ann["status"], (await desk.happened(ann))[0]) == ("New", "contact_status_changed")


# Whom nobody calls


async def test_a_phone_that_nobody_calls_is_not_called_because_it_comes_in_a_file(desk: Desk, boss: Desk) -> None:
    await listed(boss, "+16175004900")
    second = ["Ann", "Lee", "ann@x.example", "(617) 500-4901", "Boston"]
    await desk.take_in(a_file([[*ANN, "+16175004902"], BOB], [*HEADER, "Mobile phone"]))

    assert {one["first_name"]: one["do_not_call"] for one in await desk.people()} == {"Ann": True, "Bob": False}
    assert (await desk.person("ann"))["version"] == 1
    assert await is_listed(boss, "+16175004902")
    await desk.take_in(a_file([second]), on_existing="overwrite")
    assert await is_listed(boss, "+16175004901")


async def test_nor_is_somebody_known_whom_a_file_gives_such_a_phone(desk: Desk, boss: Desk) -> None:
    await desk.take_in(a_file([[*ANN[:3], "", ""], BOB]))
    await listed(boss, "+16175004900")
    await desk.take_in(a_file([ANN, BOB]))

    assert {one["first_name"]: one["do_not_call"] for one in await desk.people()} == {"Ann": True, "Bob": False}


async def listed(boss: Desk, phone: str) -> None:
    asked = {"kind": "phone", "value": phone, "reason": "Asked on the phone"}
    assert (await boss.client.post("/admin/suppressions", json=asked)).status_code == 201


async def is_listed(boss: Desk, phone: str) -> bool:
    asked = {"kind": "phone", "value": phone}
    return (await boss.client.post("/admin/suppressions/check", json=asked)).json()["suppressed"] is True


# What they are found by


async def test_names_that_change_places_are_found_as_before(desk: Desk) -> None:
    """What begins the name is found by the order of names, and the other one by the table of terms."""
    swapped = ["Lee", "Ann", "al@x.example", "", "Boston"]
    await desk.take_in(a_file([["Ann", "Lee", "al@x.example", "", "Boston"]]))
    await desk.take_in(a_file([swapped]), on_existing="overwrite")
    for q in ("ann", "lee", "lee ann", "al@x", "x.example"):
        assert len(await desk.people(q=q)) == 1, q

    ann = await desk.person("ann")
    renamed = await desk.client.patch(f"/contacts/{ann['id']}", json={"first_name": "Ann", "last_name": "Moe"})
    assert renamed.status_code == 200
    for q, many in {"ann": 1, "moe": 1, "ann m": 1, "lee": 0}.items():
        assert len(await desk.people(q=q)) == many, q

    await desk.client.delete(f"/contacts/{ann['id']}")
    assert [await desk.people(q=q) for q in ("ann", "moe", "x.example")] == [[], [], []]
