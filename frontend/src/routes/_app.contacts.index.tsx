import { createFileRoute } from "@tanstack/react-router";
import { ContactsPage } from "@/features/contacts/ContactsPage";
import { readContactsSearch } from "@/features/contacts/directory/search";

export const Route = createFileRoute("/_app/contacts/")({
  validateSearch: readContactsSearch,
  component: function Contacts() {
    return <ContactsPage search={Route.useSearch()} />;
  },
});
