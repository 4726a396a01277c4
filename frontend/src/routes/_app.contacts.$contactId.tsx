import { createFileRoute } from "@tanstack/react-router";
import { ContactPage } from "@/features/contacts/ContactPage";
import { readContactSearch } from "@/features/contacts/search";

export const Route = createFileRoute("/_app/contacts/$contactId")({
  validateSearch: readContactSearch,
  component: function Contact() {
    const { contactId } = Route.useParams();
    return <ContactPage key={contactId} contactId={contactId} search={Route.useSearch()} />;
  },
});
